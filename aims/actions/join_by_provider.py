"""Accept an invitation for somebody whom the organisation's own provider has signed in: no password is set."""

from django.db import transaction

from accounts import clock
from accounts.actor import Actor
from aims.events import JOINED
from aims.models import Invitation
from ledger.actions import record


@transaction.atomic
def join_by_provider(invitation: Invitation, *, name: str, actor: Actor) -> Invitation:
    """Mark the invitation as used; a name that the provider tells fills in one that is missing."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitation.pk)
    if row.accepted_at is not None:
        return row
    if name.strip() and not row.user.name:
        row.user.name = name.strip()[:120]
        row.user.save(update_fields=["name"])
    row.accepted_at = clock.now()
    row.save(update_fields=["accepted_at"])
    record(JOINED, row, actor=actor)
    return row
