"""Let in whom a provider names: by the identity that was linked, else by a verified address at a trusted domain."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.signed_in import SignedIn
from aims.actions import join_by_provider
from aims.models import Invitation
from aims.queries import people
from signon.actions.binding import NotLetIn, bind, facts_of, member, still_open, used
from signon.asserted import Asserted
from signon.models import How, Identity, Provider
from signon.queries import known


@transaction.atomic
def enter(provider: Provider, said: Asserted, *, request_id: str = "") -> tuple[User, SignedIn]:
    """Return the person and how their session stands; whoever is refused leaves nothing behind."""
    provider = still_open(provider)
    identity = known(provider, said) or _by_address(provider, said, request_id)
    facts = facts_of(provider, identity, said)
    member(identity.user, provider, facts, request_id)
    used(identity)
    return identity.user, facts


def _by_address(provider: Provider, said: Asserted, request_id: str) -> Identity:
    """The first time only: the address has to be verified, at a domain that is trusted, and a member's."""
    user = _member_with(_trusted(provider, said), provider)
    facts = SignedIn(provider.protocol, provider.aims_id, None, said.amr, said.acr)
    actor = member(user, provider, facts, request_id)
    invitation = Invitation.objects.filter(user=user, accepted_at__isnull=True).first()
    if invitation is not None:
        join_by_provider(invitation, name=said.name, actor=actor)
    return bind(provider, user, said, how=How.DOMAIN, actor=actor)


def _trusted(provider: Provider, said: Asserted) -> str:
    begin = _("Open your invitation and join with %(name)s, or sign in with your password and link it on your page.")
    way = begin % {"name": provider.name}
    domain = said.email.rpartition("@")[2]
    if not (said.email and provider.domains):
        raise NotLetIn(_("Nobody is linked to this account yet.") + " " + way)
    if domain not in provider.domains:
        raise NotLetIn(
            _("%(name)s is not trusted for addresses at %(domain)s.") % {"name": provider.name, "domain": domain}
            + " "
            + way
        )
    if not (said.email_verified if provider.is_oidc else provider.vouches):
        raise NotLetIn(_("%(name)s does not say that it verified your address.") % {"name": provider.name} + " " + way)
    return said.email


def _member_with(email: str, provider: Provider) -> User:
    user = people().filter(email__iexact=email).first()
    if user is None:
        raise NotLetIn(
            _("%(email)s is not known in %(organisation)s. An administrator there can invite you.")
            % {"email": email, "organisation": provider.aims.organisation}
        )
    return user
