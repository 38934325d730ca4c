"""Signed screenings come back: a task for the system's owner a month before their day, or once something happened."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from assessments.models import Screening, ScreeningState
from assessments.screening.actions.conclude import AGAIN
from duties.actions import Owed, open_task, open_tasks
from systems.models import AiSystem

CLERK = service("screenings")
AHEAD = timedelta(days=30)


def open_again() -> None:
    """Open what is due in every AIMS; asking again changes nothing."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, CLERK):
            open_tasks(due(aims))


def screen_again(system: AiSystem, happened: str) -> None:
    """Ask for another screening of a system that changed or failed, if a signed one stands: one query, then a task."""
    signed = Screening.objects.filter(system=system.pk, state=ScreeningState.SIGNED).first()
    if signed is None:
        return
    title = _("Screen %(name)s again: %(what)s") % {"name": system.name, "what": happened}
    address = f"{reverse('assessments:screen', args=[system.aims.slug])}?system={system.code}"
    open_task(AGAIN, system.ref, title[:200], owner_id=system.owner_id or signed.author_id, address=address)


def due(aims: Aims) -> list[Owed]:
    """Return the tasks for screenings whose day is near or past: one query."""
    until = clock.today(aims.time_zone) + AHEAD
    rows = Screening.objects.filter(state=ScreeningState.SIGNED, next_review_on__lte=until).select_related("system")
    place = reverse("assessments:screen", args=[aims.slug])
    return [
        Owed(
            AGAIN,
            row.system.ref,
            _("Screen %(name)s again") % {"name": row.system.name},
            row.system.owner_id or row.author_id,
            f"{place}?system={row.system.code}",
        )
        for row in rows
    ]
