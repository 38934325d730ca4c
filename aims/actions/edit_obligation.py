"""Change what an obligation says; decisions that point at it keep pointing at it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from aims.actions.oblige import WHO, Duty, NotObliging, fields_of
from aims.events import OBLIGED
from aims.models import Obligation
from aims.permissions import may_manage
from aims.ports import Obliged, tell_of
from ledger.actions import record
from ledger.change import Change, hold_apart

SAYS = frozenset({"kind", "title", "source", "text"})


@transaction.atomic
def edit_obligation(obligation: Obligation, duty: Duty, *, seen: int, actor: Actor) -> Obligation:
    """Save the obligation anew; a withdrawn one stays as it is, and the code never changes."""
    require(may_manage(actor, obligation.aims), WHO)
    row = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if row.withdrawn_at:
        raise NotObliging(_("%(code)s is withdrawn. Record a new obligation instead.") % {"code": row.code})
    fields = fields_of(duty)
    hold_apart(row, seen, **fields)
    was = row.kind
    change = Change.of(row, **fields)
    if change:
        change.save(actor=actor)
        record(OBLIGED, row, actor=actor, change=change)
        if SAYS & set(change.after):
            tell_of(Obliged(row, was, actor))
    return row
