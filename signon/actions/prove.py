"""Have the provider ask a person again who is signed in by it already, before an act that asks for that."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.signed_in import SignedIn
from signon.actions.binding import NotLetIn, facts_of, member, still_open, used
from signon.asserted import Asserted
from signon.models import Attempt, Provider
from signon.queries import known

SKEW = timedelta(seconds=60)


@transaction.atomic
def prove(
    provider: Provider, said: Asserted, *, attempt: Attempt, user: User, how: SignedIn, request_id: str = ""
) -> SignedIn:
    """Return how the session stands now: the same identity, asked since the attempt began."""
    provider = still_open(provider)
    identity = known(provider, said)
    if identity is None or identity.user_id != user.pk or how.identity_id != identity.pk:
        raise NotLetIn(_("This is not the account that you are signed in by."))
    if said.asked_at is None or said.asked_at < attempt.begun_at - SKEW:
        raise NotLetIn(_("%(name)s did not ask you again who you are.") % {"name": provider.name})
    facts = facts_of(provider, identity, said)
    member(user, provider, facts, request_id)
    used(identity)
    return facts
