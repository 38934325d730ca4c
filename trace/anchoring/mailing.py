"""The job `trace.mail`: once a day, the newest checkpoint to each auditor who has not been sent what is new."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.context import acting_in
from aims.models import Aims, Membership
from jobs.models import Delivery, DeliveryState, Job
from jobs.registry import Progress
from ledger.models import Checkpoint
from trace.actions.send_checkpoint import ANCHORS, TOPIC, write_to
from trace.actions.trouble import mail_subject, trouble
from trace.anchoring.newest import aims_of, newest_or_halt
from trace.anchoring.news import newest_news, sent_sizes
from trace.anchoring.recipients import auditors

KIND = "trace.mail"
LOOKED_BACK = timedelta(days=14)
STALE = timedelta(hours=1)


def work(job: Job, _tell: Progress) -> Checkpoint:
    """Find the newest checkpoint, outside the transaction that ends the job: an old log is halted and stays so."""
    return newest_or_halt(aims_of(job).pk)


def finish(job: Job, row: Checkpoint) -> dict[str, Any]:
    """Write the mails in one transaction with `done`; the ticker sends them, and each is recorded when it left."""
    aims = aims_of(job)
    with acting_in(aims, ANCHORS):
        latest, news, sent = _latest_mails(aims), newest_news(row.size), sent_sizes()
        due = [member for member in auditors() if sent.get(member.user_id, 0) < news]
        count = sum(_write(aims, member, row, latest.get(member.user_id)) for member in due)
    return {"size": row.size, "mails": count}


def _write(aims: Aims, membership: Membership, row: Checkpoint, latest: Delivery | None) -> bool:
    """Write the mail, unless one still waits for the mail server; say so where the last one did not arrive."""
    if latest is not None and latest.state == DeliveryState.NEW:
        return False
    if latest is not None:
        _tell_of_trouble(aims, membership, latest)
    write_to(aims, membership, row, actor=ANCHORS)
    return True


def _latest_mails(aims: Aims) -> dict[int, Delivery]:
    since = clock.now() - LOOKED_BACK
    rows = Delivery.objects.filter(topic=TOPIC, aims_id=aims.pk, created_at__gte=since).defer("body").order_by("pk")
    return {row.about["person"]: row for row in rows}


def _tell_of_trouble(aims: Aims, membership: Membership, latest: Delivery) -> None:
    """A mail that was refused, or that nobody can say arrived, is for a person to see to."""
    is_stale = latest.state == DeliveryState.SENDING and latest.created_at < clock.now() - STALE
    if latest.state == DeliveryState.FAILED or is_stale:
        title = _("No checkpoint reaches %(user)s by mail: %(error)s") % {
            "user": membership.user,
            "error": latest.error or _("it was cut off on its way"),
        }
        trouble(aims, mail_subject(membership.user_id), title)
