"""Withdraw a provider: it lets nobody in any more, and whom it let in is signed out."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from ledger.actions import record
from ledger.change import Change, hold_apart
from signon.actions.add_provider import WHO, NotProvidable
from signon.events import WITHDRAWN
from signon.models import Provider
from signon.permissions import may_configure
from signon.queries import is_required, ready_providers


@transaction.atomic
def withdraw_provider(provider: Provider, *, reason: str, seen: int, actor: Actor) -> Provider:
    """Withdraw with a reason; the last way in stays while members have no other."""
    require(may_configure(actor, provider.aims), WHO)
    row = Provider.objects.select_for_update().get(pk=provider.pk)
    if row.withdrawn_at is not None:
        return row
    hold_apart(row, seen, reason=reason)
    if not reason.strip():
        raise NotProvidable(_("Say why %(name)s is withdrawn.") % {"name": row.name}, field="reason")
    if is_required() and [one.pk for one in ready_providers()] == [row.pk]:
        raise NotProvidable(_("Members come in by this provider only. End the requirement first."))
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(WITHDRAWN, row, actor=actor, change=change, reason=reason)
    return row
