"""Issue a token with which a machine acts in one AIMS."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock, tokens
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import Token, TokenKind, User
from accounts.refusals import Refusal, require
from aims.events import TOKEN_ISSUED
from aims.models import Aims
from aims.permissions import may_issue
from ledger.actions import record
from ledger.change import Facts, plain

LONGEST = timedelta(days=366)
SCOPES = ("read", "write")


class NotIssuable(Refusal):
    """The token cannot be issued so."""


@transaction.atomic
def issue_token(
    *, name: str, kind: TokenKind, scopes: list[str], expires_at: datetime, actor: Actor
) -> tuple[Token, str]:
    """Issue a token for the actor in the AIMS in context and return it with its text, shown once."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(
        may_issue(actor, aims, kind), _("Tokens for services and agents take an administrator or a compliance officer.")
    )
    _refuse_nonsense(name, scopes, expires_at)
    user = User.objects.get(pk=actor.user_id or 0)
    token, raw = tokens.issue(user, aims.pk, name=name.strip(), kind=kind, scopes=scopes, expires_at=expires_at)
    after = {"name": token.name, "kind": str(kind), "scopes": scopes, "expires_at": plain(expires_at)}
    record(TOKEN_ISSUED, token, actor=actor, change=Facts(after=after))
    return token, raw


def _refuse_nonsense(name: str, scopes: list[str], expires_at: datetime) -> None:
    if not name.strip():
        raise NotIssuable(_("Name what will use the token."), field="name")
    if not scopes or set(scopes) - set(SCOPES):
        raise NotIssuable(_("Choose read, write or both."), field="scopes")
    now = clock.now()
    if not now < expires_at <= now + LONGEST:
        raise NotIssuable(_("A token ends after today and within a year."), field="expires_on")
