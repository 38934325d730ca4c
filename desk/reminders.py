"""Remind the owners of the certification cycle's dates by mail and task, 90, 30 and 7 days before, each once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from accounts.models import User
from accounts.roles import STEWARDS, Role
from aims.invitations import has_address
from aims.live import in_force
from aims.models import Aims, Membership
from audits.actions.dates import TASK
from audits.queries import CycleDate, standing_dates
from desk.due import reminders_due
from duties.actions import open_task
from jobs.actions import deliver, enqueue
from jobs.models import Delivery, Job
from jobs.registry import JobFailed, Progress

KIND = "desk.remind"
REMINDERS = service("reminders")


def ask_for_reminders() -> None:
    """Enqueue one job a day and AIMS, by the date where the organisation is; asking again changes nothing."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        day = clock.today(aims.time_zone).isoformat()
        with acting_in(aims, REMINDERS):
            enqueue(KIND, dedupe_key=f"{aims.pk}:{day}", actor=REMINDERS, payload={"day": day}, aims_id=aims.pk)


def work(job: Job, _tell: Progress) -> Aims:
    """Find the AIMS; everything else belongs to the transaction that ends the job."""
    if job.aims_id is None:
        raise JobFailed("A reminder names the organisation it is for.")
    return Aims.objects.get(pk=job.aims_id)


def finish(_job: Job, aims: Aims) -> dict[str, Any]:
    """Write the mails and tasks that are due today, in one transaction with `done`; the ticker sends them."""
    if aims.removed_at is not None:
        return {"reminders": 0}
    with acting_in(aims, REMINDERS):
        return {"reminders": _remind(aims, clock.today(aims.time_zone))}


def _remind(aims: Aims, today: date) -> int:
    sent = _sent(aims)
    stewards = _stewards(aims)
    count = 0
    for row in standing_dates(today):
        stem = f"milestone:{row.pk}:{row.due_on.isoformat()}"
        offsets = [] if row.held_on else reminders_due(today, row.due_on, already_sent=sent[stem])
        for offset in offsets:
            count += _write(aims, row, _recipients(aims, row, stewards), key=f"{stem}:{offset}", today=today)
    return count


def _sent(aims: Aims) -> dict[str, set[int]]:
    """Return which offsets were written for each date before, by the key's stem."""
    found: dict[str, set[int]] = defaultdict(set)
    keys = Delivery.objects.filter(aims_id=aims.pk, key__startswith="milestone:").values_list("key", flat=True)
    for key in keys:
        kind, pk, due_on, offset = key.split(":")[:4]
        found[f"{kind}:{pk}:{due_on}"].add(int(offset))
    return found


def _holders(aims: Aims, who: Q) -> list[User]:
    """Return the people who hold a role now and can be reached by mail."""
    live = Membership.objects.filter(in_force(clock.now()), who, aims=aims, user__is_active=True)
    people = User.objects.filter(pk__in=live.values("user_id")).order_by("pk")
    return [person for person in people if has_address(person)]


def _stewards(aims: Aims) -> list[User]:
    """Return the compliance officers, or the administrators while there are none."""
    return _holders(aims, Q(role=Role.OFFICER)) or _holders(aims, Q(role__in=STEWARDS))


def _recipients(aims: Aims, row: CycleDate, stewards: Sequence[User]) -> Sequence[User]:
    owner = _holders(aims, Q(user_id=row.owner_id)) if row.owner_id else []
    return owner or stewards


def _write(aims: Aims, row: CycleDate, recipients: Sequence[User], *, key: str, today: date) -> int:
    """Write the mails and the task; a date of which nobody can be told counts as not reminded."""
    if not recipients:
        return 0
    path = reverse("audits:cycle", args=[aims.slug])
    for number, person in enumerate(recipients):
        with translation.override(person.language):
            deliver(
                key=key if number == 0 else f"{key}:{person.pk}",
                to=person.email,
                subject=subject_of(aims, row),
                body=body_of(aims, row, person, today=today, address=f"{settings.SITE_URL}{path}"),
                aims_id=aims.pk,
            )
    open_task(TASK, row.ref, row.name, owner_id=recipients[0].pk, due_on=row.due_on, address=path)
    return 1


def subject_of(aims: Aims, row: CycleDate) -> str:
    """Return what, when and for whom, in one line."""
    words = {"what": row.name, "when": row.state.words, "organisation": aims.organisation}
    return _("%(what)s, %(when)s: %(organisation)s") % words


def body_of(aims: Aims, row: CycleDate, person: User, *, today: date, address: str) -> str:
    """Return the text of the mail."""
    context = {"aims": aims, "row": row, "person": person, "days": abs(row.days), "is_late": row.due_on < today}
    return render_to_string("desk/reminder.txt", context | {"address": address})
