"""Tell those who can act that something is wrong with a log: a task, and a mail for each fault and day."""

from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from accounts.models import User
from aims.models import Aims
from duties.actions import close_tasks, open_task
from duties.models import Task
from jobs.actions import deliver
from trace.holders import ALARMED, holders

TASK = "ledger.alarm"
SUBJECT = "log"
WATCH = service("watch")


def alarm(aims_id: int, fault: str) -> None:
    """Tell of a fault once this transaction, if there is one, has ended; where it fails, the next watch tells."""
    transaction.on_commit(lambda: _tell(aims_id, fault), robust=True)


def all_clear() -> None:
    """Close the task of the AIMS in context, if one stands open: nothing stops its log any more."""
    if Task.objects.filter(kind=TASK, subject=SUBJECT, closed_at__isnull=True).exists():
        close_tasks(TASK, SUBJECT, actor=WATCH)


def _tell(aims_id: int, fault: str) -> None:
    aims = Aims.objects.filter(pk=aims_id, removed_at__isnull=True).first()
    if aims is None:
        return
    path = reverse("trace:anchors", args=[aims.slug])
    with acting_in(aims, WATCH):
        people = holders(*ALARMED)
        owner = people[0].pk if people else None
        open_task(TASK, SUBJECT, _("The governance chain stands still. Look at it."), owner_id=owner, address=path)
        for person in people:
            _mail(person, aims, fault, f"{settings.SITE_URL}{path}")


def _mail(person: User, aims: Aims, fault: str, address: str) -> None:
    """One mail a day for each fault: the key holds both, so that telling again sends nothing."""
    day = clock.today(aims.time_zone).isoformat()
    digest = sha256(fault.encode()).hexdigest()[:16]
    words = {"aims": aims, "person": person, "fault": fault, "address": address}
    with translation.override(person.language):
        deliver(
            key=f"{TASK}:{aims.pk}:{day}:{digest}:{person.pk}",
            to=person.email,
            subject=_("The governance chain of %(name)s stands still") % {"name": aims.name},
            body=render_to_string("trace/alarm.txt", words),
            aims_id=aims.pk,
        )
