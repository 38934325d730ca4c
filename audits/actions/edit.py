"""Change a date of the cycle."""

from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from audits.actions.dates import TASK, Planned, check, standing
from audits.events import EDITED
from audits.models import Milestone
from audits.permissions import may_plan
from duties.actions import close_tasks
from ledger.actions import record
from ledger.change import Change, hold_apart


@transaction.atomic
def edit_milestone(milestone: Milestone, *, seen: int, actor: Actor, **planned: Unpack[Planned]) -> Milestone:
    """Save what differs; a moved date or another owner closes the task of the old one, and reminders begin anew."""
    require(may_plan(actor), _("Dates are planned by a compliance officer or an administrator."))
    row = standing(milestone.pk)
    hold_apart(row, seen, **planned)
    change = Change.of(row, **planned)
    check(row)
    if change:
        change.save(actor=actor)
        record(EDITED, row, actor=actor, change=change)
        if {"due_on", "owner", "kind"} & change.after.keys():
            close_tasks(TASK, row.ref, actor=actor)
    return row
