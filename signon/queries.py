"""Questions about providers and whom they have let in."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate
from django.db.models import Count, Max, Q, QuerySet

from accounts.context import acting_in
from accounts.models import User
from aims.models import Aims
from aims.queries import aims_of
from signon.addresses import Addresses
from signon.asserted import Asserted
from signon.models import How, Identity, Protocol, Provider, Rule
from signon.told import read_certificate

LIVE = Q(unlinked_at__isnull=True)
MOST_LINKED = 200


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One line of the list of providers."""

    code: str
    name: str
    protocol: str
    issuer: str
    domains: str
    linked: int
    used_at: datetime | None
    is_ready: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """A person whom a provider lets in."""

    pk: int
    name: str
    email: str
    how: str
    linked_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A certificate that answers may be signed with."""

    subject: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """A provider one may go to, by the organisation's slug and the provider's code."""

    slug: str
    organisation: str
    code: str
    name: str
    identity: int | None = None


def ready_providers() -> list[Provider]:
    """Return the providers of the AIMS in context that can let people in."""
    return [row for row in Provider.objects.filter(withdrawn_at__isnull=True) if row.is_ready]


def is_required() -> bool:
    """Whether members of the AIMS in context come in by a provider only."""
    return Rule.objects.filter(is_required=True).exists()


def rule() -> Rule | None:
    """Return the rule of the AIMS in context once it was set."""
    return Rule.objects.first()


def known(provider: Provider, said: Asserted) -> Identity | None:
    """Return whom the provider means, if that was linked: by (issuer, subject) and nothing else."""
    rows = Identity.objects.filter(LIVE, provider=provider, issuer=said.issuer, subject=said.subject)
    return rows.select_related("user").first()


def is_alive(identity_id: int, user_id: int) -> bool:
    """Whether the identity that opened a session is linked still, and its provider still there."""
    rows = Identity.objects.filter(LIVE, pk=identity_id, user_id=user_id, provider__withdrawn_at__isnull=True)
    return rows.exists()


def provider_rows() -> list[ProviderRow]:
    """Return every provider, those in use first, in one query."""
    live = Q(identities__unlinked_at__isnull=True)
    rows: QuerySet[Provider] = Provider.objects.annotate(
        linked=Count("identities", filter=live), used_at=Max("identities__last_used_at")
    )
    found = [_row(row) for row in rows.order_by("code")]
    return sorted(found, key=lambda row: row.withdrawn_at is not None)


def _row(row: Provider) -> ProviderRow:
    return ProviderRow(
        row.code,
        row.name,
        str(Protocol(row.protocol).label),
        row.issuer,
        ", ".join(row.domains),
        row.linked,  # type: ignore[attr-defined]
        row.used_at,  # type: ignore[attr-defined]
        row.is_ready,
        row.withdrawn_at,
    )


def linked_rows(provider: Provider) -> list[LinkedRow]:
    """Return whom a provider lets in, in one query."""
    rows = Identity.objects.filter(LIVE, provider=provider).select_related("user").order_by("user__name", "pk")
    return [_linked(row) for row in rows[:MOST_LINKED]]


def _linked(row: Identity) -> LinkedRow:
    how = str(How(row.how).label)
    return LinkedRow(row.pk, row.user.display_name, row.user.email, how, row.linked_at, row.last_used_at)


def key_facts(provider: Provider) -> list[KeyFact]:
    """Return the certificates of a SAML provider, as an administrator recognises them."""
    read: list[Certificate] = [read_certificate(one) for one in provider.certificates]
    return [KeyFact(one.subject.rfc4514_string() or "-", one.not_valid_after_utc) for one in read]


def ways_into(aims: Aims) -> list[Way]:
    """Return the providers that can let people into an organisation."""
    with acting_in(aims):
        return [Way(aims.slug, aims.organisation, row.code, row.name) for row in ready_providers()]


def ways_of(user: User) -> list[Way]:
    """Return the providers of a person's organisations, each with the identity that is linked; two queries each."""
    found: list[Way] = []
    for aims in aims_of(user):
        with acting_in(aims):
            mine = dict(Identity.objects.filter(LIVE, user=user).values_list("provider_id", "pk"))
            found += [
                Way(aims.slug, aims.organisation, row.code, row.name, mine.get(row.pk)) for row in ready_providers()
            ]
    return found


def organisations_for(domain: str) -> list[Aims]:
    """Return the organisations whose provider is trusted for a domain; typing an address leads there."""
    found = []
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("organisation"):
        with acting_in(aims):
            if any(domain in row.domains for row in ready_providers()):
                found.append(aims)
    return found


def shown_addresses(provider: Provider, ours: Addresses) -> list[tuple[str, str]]:
    """Return what to copy to the provider, by (what it is called there, address) without words of ours."""
    if provider.is_oidc:
        return [("Redirect URI", ours.callback)]
    return [("Entity ID", ours.metadata), ("ACS URL", ours.acs), ("Metadata", ours.metadata)]
