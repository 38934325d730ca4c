"""Revoke a token: it opens nothing from now on."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import Token
from accounts.refusals import require
from aims.events import TOKEN_REVOKED
from aims.permissions import may_revoke
from ledger.actions import record
from ledger.change import Facts, plain


@transaction.atomic
def revoke_token(token: Token, *, actor: Actor) -> Token:
    """Revoke a token of the AIMS in context; revoking it twice changes nothing."""
    row = Token.objects.select_for_update().get(pk=token.pk, aims_id=current_aims_id())
    require(may_revoke(actor, row), _("Only its owner, an administrator or a compliance officer revokes a token."))
    if row.revoked_at is not None:
        return row
    row.revoked_at = clock.now()
    row.save(update_fields=["revoked_at"])
    record(TOKEN_REVOKED, row, actor=actor, change=Facts({"revoked_at": None}, {"revoked_at": plain(row.revoked_at)}))
    return row
