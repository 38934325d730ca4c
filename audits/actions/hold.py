"""Say that a date of the cycle was kept."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from audits.actions.dates import EARLIEST, TASK, local_today, standing
from audits.events import HELD
from audits.models import Milestone
from audits.permissions import may_hold
from duties.actions import close_tasks
from ledger.actions import record
from ledger.change import Change, hold_apart


class NotHeld(Refusal):
    """It cannot have been held then."""

    field = "held_on"


@transaction.atomic
def hold_milestone(milestone: Milestone, *, held_on: date | None, seen: int, actor: Actor) -> Milestone:
    """Record the day on which it was held, closing its task; no day takes a mistaken one back."""
    row = standing(milestone.pk)
    require(may_hold(actor, row), _("Only its owner, a compliance officer or an administrator may say so."))
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen, held_on=held_on)
    if held_on and held_on > local_today():
        raise NotHeld(_("That day has not come yet. Change the planned date instead."))
    if held_on and held_on < EARLIEST:
        raise NotHeld(_("Check the year."))
    change = Change.of(row, held_on=held_on)
    if change:
        change.save(actor=actor)
        record(HELD, row, actor=actor, change=change)
        if held_on:
            close_tasks(TASK, row.ref, actor=actor)
    return row
