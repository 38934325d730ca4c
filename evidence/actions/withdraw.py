"""Withdraw an item: it proves nothing any more, and everything about it stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from evidence.actions.content import NotGivable
from evidence.events import WITHDRAWN
from evidence.models import Evidence
from evidence.permissions import may_withdraw
from ledger.actions import record
from ledger.change import Change, hold_apart


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, reason: str, seen: int, actor: Actor) -> Evidence:
    """Take an item out of the proof, with the reason; versions, files and links stay readable."""
    row = Evidence.objects.select_for_update().get(pk=evidence.pk)
    require(may_withdraw(actor, row), _("Withdrawing this item takes its owner, an officer or an administrator."))
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen, reason=reason)
    if row.withdrawn_at:
        raise NotGivable(_("%(code)s was withdrawn already.") % {"code": row.code})
    if not reason.strip():
        raise NotGivable(_("Say why it no longer counts."), field="reason")
    change = Change.of(row, withdrawn_at=clock.now(), withdrawn_reason=reason.strip())
    change.save(actor=actor, reason=reason.strip())
    record(WITHDRAWN, row, actor=actor, change=change, reason=reason.strip())
    return row
