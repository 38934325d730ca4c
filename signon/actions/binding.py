"""Link an identity to a person, and find the person's standing; shared by the verbs that let somebody in."""

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Refusal
from accounts.signed_in import SignedIn
from aims.queries import actor_for
from ledger.actions import record
from ledger.change import Facts
from signon.asserted import Asserted
from signon.events import LINKED
from signon.models import How, Identity, Provider
from signon.queries import known


class NotLetIn(Refusal):
    """The provider has signed somebody in, but Assay does not let them in by it."""


def facts_of(provider: Provider, identity: Identity, said: Asserted) -> SignedIn:
    """Return how a session stands that this identity opens."""
    return SignedIn(provider.protocol, provider.aims_id, identity.pk, said.amr, said.acr)


def member(user: User, provider: Provider, how: SignedIn, request_id: str) -> Actor:
    """Return the person as an actor, refusing whoever is shut out or holds no role."""
    actor = actor_for(user, provider.aims, auth_method=how.auth_method, request_id=request_id)
    if not user.is_active or actor is None:
        raise NotLetIn(
            _("You hold no role in %(organisation)s now. An administrator there can invite you.")
            % {"organisation": provider.aims.organisation}
        )
    return actor


def still_open(provider: Provider) -> Provider:
    """Look at the provider once more: between going and coming back it may have been withdrawn."""
    row = Provider.objects.select_related("aims").get(pk=provider.pk)
    if not row.is_ready or row.aims.removed_at is not None:
        raise NotLetIn(_("This provider lets nobody in any more."))
    return row


def bind(provider: Provider, user: User, said: Asserted, *, how: How, actor: Actor) -> Identity:
    """Link, unless the identity is somebody else's or the person is linked to another one."""
    held = known(provider, said)
    if held is not None:
        if held.user_id != user.pk:
            raise NotLetIn(_("Somebody else is linked to this account at %(name)s.") % {"name": provider.name})
        return held
    if Identity.objects.filter(provider=provider, user=user, unlinked_at__isnull=True).exists():
        raise NotLetIn(
            _("You are linked to another account at %(name)s. An administrator can cut that link.")
            % {"name": provider.name}
        )
    row = Identity(aims_id=provider.aims_id, provider=provider, user=user, how=how, linked_at=clock.now())
    row.issuer, row.subject = said.issuer, said.subject
    row.save()
    facts = Facts(after={"provider": provider.ref, "how": str(how), "issuer": row.issuer, "subject": row.subject})
    record(LINKED, row, actor=actor, change=facts)
    return row


def used(identity: Identity) -> Identity:
    """Note when an identity last let its person in."""
    Identity.objects.filter(pk=identity.pk).update(last_used_at=clock.now())
    return identity
