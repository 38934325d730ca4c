"""Plan a date of the certification cycle."""

from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from audits.actions.dates import Planned, check
from audits.events import PLANNED
from audits.models import Milestone
from audits.permissions import may_plan
from ledger.actions import record
from ledger.change import Change


@transaction.atomic
def plan_milestone(*, actor: Actor, **planned: Unpack[Planned]) -> Milestone:
    """Plan an audit or a date of the certificate, with the person who answers for it."""
    require(may_plan(actor), _("Dates are planned by a compliance officer or an administrator."))
    row = Milestone(aims_id=current_aims_id(), **planned)
    check(row)
    change = Change.new(row)
    change.save(actor=actor)
    record(PLANNED, row, actor=actor, change=change)
    return row
