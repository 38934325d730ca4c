"""Say that a change took effect before it was approved, because it could not wait."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from changes.actions.shared import NotWritable, held, tell_deciders, told
from changes.events import EMERGENCY
from changes.material import rules
from changes.models import ChangeRecord
from changes.permissions import may_say
from ledger.actions import record
from ledger.change import Change


@transaction.atomic
def declare_emergency(
    change: ChangeRecord, *, reason: str, approve_by: date | None = None, seen: int, actor: Actor
) -> ChangeRecord:
    """Record that the change is in effect without approval, why, and by when it is to be approved all the same.

    The day is at most as far off as the rules allow; without one, it is that day.
    """
    row = held(change, seen, emergency_reason=reason)
    require(may_say(actor, row), _("An emergency is declared by the system's owner or a compliance officer."))
    actor = actor.on_behalf_of(row.system.owner_id)
    reason = told(reason, _("Say why it could not wait for approval."))
    today = clock.today(row.system.aims.time_zone)
    latest = today + timedelta(days=rules().emergency_days)
    day = approve_by or latest
    if not today <= day <= latest:
        said = {"days": rules().emergency_days}
        raise NotWritable(_("It has to be approved within %(days)d days.") % said, field="approve_by")
    difference = Change.of(
        row,
        is_emergency=True,
        emergency_reason=reason,
        approve_by=day,
        in_effect_at=row.in_effect_at or clock.now(),
    )
    if difference:
        difference.save(actor=actor, reason=reason)
        decision = {"mode": "continue", "outcome": "in effect without approval", "reversible": None}
        record(EMERGENCY, row, actor=actor, change=difference, reason=reason, decision=decision)
        tell_deciders(row, actor=actor)
    return row
