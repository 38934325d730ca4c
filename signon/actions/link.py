"""Link an identity to the person who is signed in and went to the provider to do so."""

from django.db import transaction

from accounts.models import User
from accounts.signed_in import SignedIn
from signon.actions.binding import bind, member, still_open
from signon.asserted import Asserted
from signon.models import How, Identity, Provider


@transaction.atomic
def link(provider: Provider, said: Asserted, *, user: User, how: SignedIn, request_id: str = "") -> Identity:
    """Link; `how` is how the person's session stands, which the record says."""
    provider = still_open(provider)
    actor = member(user, provider, how, request_id)
    return bind(provider, user, said, how=How.PERSON, actor=actor)
