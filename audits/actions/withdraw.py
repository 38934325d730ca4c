"""Withdraw a date of the cycle."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from audits.actions.dates import TASK, standing
from audits.events import WITHDRAWN
from audits.models import Milestone
from audits.permissions import may_plan
from duties.actions import close_tasks
from ledger.actions import record
from ledger.change import Change, hold_apart


class NoReason(Refusal):
    """What is withdrawn keeps its reason."""

    field = "reason"


@transaction.atomic
def withdraw_milestone(milestone: Milestone, *, reason: str, seen: int, actor: Actor) -> Milestone:
    """Take the date out of the cycle with the reason; it stays in the history."""
    require(may_plan(actor), _("Dates are withdrawn by a compliance officer or an administrator."))
    row = standing(milestone.pk)
    hold_apart(row, seen)
    reason = reason.strip()
    if not reason:
        raise NoReason(_("Say why the date is withdrawn."))
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(WITHDRAWN, row, actor=actor, change=change, reason=reason)
    close_tasks(TASK, row.ref, actor=actor)
    return row
