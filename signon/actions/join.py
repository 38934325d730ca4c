"""Accept an invitation with the organisation's own provider instead of a password."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.signed_in import SignedIn
from aims.actions import join_by_provider
from aims.invitations import waiting_invitation
from signon.actions.binding import NotLetIn, bind, facts_of, member, still_open, used
from signon.asserted import Asserted
from signon.models import How, Provider


@transaction.atomic
def join(provider: Provider, said: Asserted, *, secret: str, request_id: str = "") -> tuple[User, SignedIn]:
    """Link whoever holds the invitation's link to whom the provider names; the mail that carried it is the proof."""
    provider = still_open(provider)
    invitation = waiting_invitation(secret)
    if invitation is None or invitation.aims_id != provider.aims_id:
        raise NotLetIn(_("The invitation no longer works. Ask for a new one."))
    user = invitation.user
    facts = SignedIn(provider.protocol, provider.aims_id, None, said.amr, said.acr)
    actor = member(user, provider, facts, request_id)
    identity = bind(provider, user, said, how=How.INVITATION, actor=actor)
    join_by_provider(invitation, name=said.name, actor=actor)
    used(identity)
    return user, facts_of(provider, identity, said)
