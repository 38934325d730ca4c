"""Say that an obligation no longer holds, and why; it stays readable."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from aims.actions.oblige import WHO, NotObliging
from aims.events import WITHDRAWN
from aims.models import Obligation
from aims.permissions import may_manage
from aims.ports import Obliged, tell_of
from ledger.actions import record
from ledger.change import Change, hold_apart


@transaction.atomic
def withdraw_obligation(obligation: Obligation, *, reason: str, seen: int, actor: Actor) -> Obligation:
    """Withdraw an obligation with a reason; withdrawing it twice changes nothing."""
    require(may_manage(actor, obligation.aims), WHO)
    row = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if row.withdrawn_at:
        return row
    hold_apart(row, seen, reason=reason)
    if not reason.strip():
        raise NotObliging(_("Say why %(code)s no longer holds.") % {"code": row.code}, field="reason")
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(WITHDRAWN, row, actor=actor, change=change, reason=reason)
    tell_of(Obliged(row, row.kind, actor))
    return row
