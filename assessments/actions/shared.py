"""What the verbs of this room share: one way to make a row, one to change it, one to find out it is open."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from assessments.models import Assessment, AssessmentState
from assessments.permissions import may_write
from assessments.sections.queries import is_co_author
from controls.models import Requirement, RequirementKind
from ledger.actions import record
from ledger.change import HIDDEN, Change, hold_apart
from ledger.events import Event
from ledger.governed import Governed

EDITABLE = frozenset({AssessmentState.DRAFT, AssessmentState.RETURNED})
R = TypeVar("R", bound=Governed)


class NotWritable(Refusal):
    """The value cannot stand; the message says which and why."""


class NotOpen(Refusal):
    """The assessment is in review or decided, so nothing in it changes."""


@dataclass(frozen=True, slots=True)
class Named:
    """An edition by its address, for a verb that is called so often that it is read once only, under its lock."""

    code: str
    edition: str


@dataclass(frozen=True, slots=True)
class PartNamed:
    """A part of an edition by its id."""

    pk: int
    assessment: Named


def locked(assessment: Assessment | Named) -> Assessment:
    """Take the assessment's row for this transaction: every change of its parts queues here."""
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("system", "criteria")
    if isinstance(assessment, Named):
        return rows.get(code=assessment.code, edition=assessment.edition)
    return rows.get(pk=assessment.pk)


def opened(assessment: Assessment | Named, actor: Actor) -> Assessment:
    """Return the locked assessment, if this actor may write it and it is open."""
    row = locked(assessment)
    require(
        (may_write(actor, row) or is_co_author(actor, row)),
        _("Writing this assessment takes a compliance officer, its author or the system's owner."),
    )
    if row.state not in EDITABLE:
        state = row.get_state_display().lower()
        raise NotOpen(
            _("%(code)s is %(state)s. Start a new edition to change it.") % {"code": row.code, "state": state}
        )
    return row


def made(row: R, event: Event, *, actor: Actor, reason: str = "") -> R:
    """Save a new row with its record."""
    refuse_unsound(row, *(field.name for field in row._meta.concrete_fields))
    change = Change.new(row)
    change.save(actor=actor, reason=reason)
    record(event, row, actor=actor, change=change, reason=reason)
    return row


def changed(row: R, event: Event, *, seen: int, actor: Actor, reason: str = "", **fields: Any) -> R:
    """Save what differs with its record; nothing differs, nothing is written."""
    hold_apart(row, seen, **fields)
    change = Change.of(row, **fields)
    if change:
        refuse_unsound(row, *fields)
        change.save(actor=actor, reason=reason)
        record(event, row, actor=actor, change=change, reason=reason)
    return row


def refuse_unsound(row: Governed, *names: str) -> None:
    """Refuse values that the model does not allow: too long, empty, beyond 1 to 5, unknown choices."""
    checked = {field.name for field in row._meta.concrete_fields if field.name in names and not field.is_relation}
    exclude = {field.name for field in row._meta.concrete_fields} - (checked - HIDDEN)
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise NotWritable(messages[0], field=field) from error


def linkable(requirement: Requirement | None, aims_id: int) -> Requirement | None:
    """Return the control or clause, if it is one that this AIMS can point at."""
    if requirement is None:
        return None
    is_ours = requirement.aims_id in {None, aims_id}
    if not is_ours or requirement.kind == RequirementKind.AREA or requirement.retired_at is not None:
        raise NotWritable(_("Choose a clause or control of the catalogue."), field="requirement")
    return requirement


def told(reason: str, message: str, field: str = "reason") -> str:
    """Return the reason without outer spaces; none is refused."""
    if not reason.strip():
        raise NotWritable(message, field=field)
    return reason.strip()
