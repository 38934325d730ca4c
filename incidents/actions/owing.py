"""What an incident asks of people: triage it, notify, correct; and of who judged the system, another look."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from aims.days import day_of
from duties.actions import close_tasks, open_task
from incidents.law import NOTABLE
from incidents.models import Incident, IncidentAction, Notification
from incidents.ports import Doubted, tell_of_doubt

TRIAGE, NOTIFY, CORRECT = "incident-triage", "incident-notification", "incident-action"


def address_of(incident: Incident) -> str:
    """Return the page of an incident; its system's AIMS is loaded."""
    return reverse("incidents:detail", args=[incident.system.aims.slug, incident.code])


def answers_for(incident: Incident) -> int | None:
    """Return who is asked first: the incident's owner, else the system's, else who reported it."""
    return incident.owner_id or incident.system.owner_id or incident.reported_by_id


def owe_triage(incident: Incident) -> None:
    """Ask whoever answers for the system to say how severe it is, today."""
    today = clock.today(incident.system.aims.time_zone)
    title = _("Say how severe %s is") % incident
    asked = incident.system.owner_id or answers_for(incident)
    open_task(TRIAGE, incident.ref, title, owner_id=asked, due_on=today, address=address_of(incident))


def owe_notification(row: Notification, incident: Incident) -> None:
    """Ask for a notification by the day of its deadline where the organisation is; without one, today."""
    zone = incident.system.aims.time_zone
    due_on = day_of(row.due_at, zone) if row.due_at else clock.today(zone)
    title = _("%(code)s: %(duty)s (%(authority)s)")
    title %= {"code": incident.code, "duty": row.title, "authority": row.authority}
    open_task(NOTIFY, row.ref, title, owner_id=answers_for(incident), due_on=due_on, address=address_of(incident))


def owe_action(row: IncidentAction, incident: Incident) -> None:
    """Ask the owner of a corrective action."""
    title = f"{incident.code}: {row.what}"
    owner_id = row.owner_id or answers_for(incident)
    open_task(CORRECT, row.ref, title, owner_id=owner_id, due_on=row.due_on, address=address_of(incident))


def ask_for_another_look(incident: Incident, *, actor: Actor) -> None:
    """Tell who judged the system that a severe incident happened, so that they look again."""
    if incident.severity in NOTABLE:
        words = _("%(code)s happened: %(title)s") % {"code": incident.code, "title": incident.title}
        tell_of_doubt(Doubted(incident.system, incident.ref, words, address_of(incident), actor))


def done_with(kind: str, subject: str, actor: Actor) -> None:
    """Close what is open of a kind about a subject."""
    close_tasks(kind, subject, actor=actor)
