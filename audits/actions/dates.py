"""What is said about a date of the cycle, and when it cannot be said so."""

from datetime import date
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import clock
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import people
from audits.models import Milestone

EARLIEST = date(2015, 1, 1)
YEARS_AHEAD = 15
TASK = "milestone"


class NotADate(Refusal):
    """The date cannot stand in the cycle so."""


class Planned(TypedDict, total=False):
    """The fields that planning and editing set."""

    kind: str
    due_on: date
    owner: User | None
    body: str
    reference: str


def local_today() -> date:
    """Return today's date in the time zone of the AIMS in context."""
    return clock.today(Aims.objects.get(pk=current_aims_id()).time_zone)


def check(row: Milestone) -> None:
    """Refuse an unknown kind, a year that must be a slip, a stranger as owner, and the same date twice."""
    try:
        row.clean_fields(exclude={"aims", "owner"})
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise NotADate(texts[0], field=field) from error
    if not EARLIEST <= row.due_on <= date(local_today().year + YEARS_AHEAD, 12, 31):
        raise NotADate(_("Check the year."), field="due_on")
    if row.owner_id and not people().filter(pk=row.owner_id).exists():
        raise NotADate(_("The owner has no role in this organisation. Choose someone who has."), field="owner")
    twins = Milestone.objects.filter(kind=row.kind, due_on=row.due_on, withdrawn_at__isnull=True).exclude(pk=row.pk)
    if twins.exists():
        raise NotADate(_("%s stands on that day already.") % row.get_kind_display(), field="due_on")


def standing(pk: int) -> Milestone:
    """Return the date locked for a change, or refuse one that was withdrawn."""
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.withdrawn_at is not None:
        raise NotADate(_("This date was withdrawn."))
    return row
