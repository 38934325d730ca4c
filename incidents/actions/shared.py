"""What the verbs of this room share: one way to make a row, one to change it, one to find the incident open."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Refusal
from aims.queries import people
from incidents.models import Incident
from ledger.actions import record
from ledger.change import HIDDEN, Change
from ledger.events import Event
from ledger.governed import Governed

R = TypeVar("R", bound=Governed)
SLACK = timedelta(minutes=5)
HANDLERS = gettext_lazy(
    "Only the owner of the incident or of the system, a compliance officer or an administrator may do this."
)
JUDGES = gettext_lazy("Only the owner of the system, a compliance officer or an administrator may judge an incident.")


class NotSoundly(Refusal):
    """The value cannot stand; the message says which and why."""


class NotOpen(Refusal):
    """The incident is closed, so nothing in it changes before it is opened again."""


def locked(incident: Incident) -> Incident:
    """Take the incident's row for this transaction: every change of its parts queues here."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("system__aims")
    row: Incident = rows.get(pk=incident.pk)
    return row


def opened(incident: Incident) -> Incident:
    """Return the locked incident, if it is open."""
    row = locked(incident)
    if not row.is_open:
        raise NotOpen(_("%(code)s is closed. Open it again to change it.") % {"code": row.code})
    return row


def made(row: R, event: Event, *, actor: Actor, reason: str = "", decision: dict[str, Any] | None = None) -> R:
    """Save a new row with its record."""
    refuse_unsound(row)
    change = Change.new(row)
    change.save(actor=actor, reason=reason)
    record(event, row, actor=actor, change=change, reason=reason, decision=decision)
    return row


def saved(change: Change, event: Event, *, actor: Actor, reason: str = "", **more: Any) -> bool:
    """Save what differs with its record, and say whether anything did."""
    if not change:
        return False
    refuse_unsound(change.row)
    change.save(actor=actor, reason=reason)
    record(event, change.row, actor=actor, change=change, reason=reason, **more)
    return True


def refuse_unsound(row: Governed) -> None:
    """Refuse values that the model does not allow: too long, empty, unknown choices."""
    kept = HIDDEN | {field.name for field in row._meta.concrete_fields if field.is_relation}
    try:
        row.clean_fields(exclude=kept | {"code", "reporter", "writer"})
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise NotSoundly(texts[0], field=field) from error


def told(text: str, message: str, field: str = "reason") -> str:
    """Return a text without outer spaces; none is refused."""
    if not text.strip():
        raise NotSoundly(message, field=field)
    return text.strip()


def past(instant: datetime | None, field: str) -> datetime | None:
    """Return an instant that is not ahead of now."""
    if instant is not None and instant > clock.now() + SLACK:
        raise NotSoundly(_("This lies in the future."), field=field)
    return instant


def member(user: User | None, field: str = "owner") -> User | None:
    """Return somebody who belongs to the organisation, or nobody."""
    if user is not None and not people().filter(pk=user.pk).exists():
        raise NotSoundly(_("The owner has no role in this organisation. Choose someone who has."), field=field)
    return user


def known(values: list[str], allowed: list[str], field: str) -> list[str]:
    """Return words of a vocabulary in its order, each once."""
    if unknown := set(values) - set(allowed):
        raise NotSoundly(_("There is no %s.") % ", ".join(sorted(unknown)), field=field)
    return [value for value in allowed if value in values]
