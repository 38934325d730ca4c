"""Addresses that a provider has to know; built on SITE_URL, never on what a request claims its host to be."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from aims.models import Aims
from signon.models import Provider


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the provider's answers go: `callback` for OpenID Connect, `acs` and `metadata` (the entity id) for SAML."""

    callback: str
    acs: str
    metadata: str


def addresses_of(aims: Aims, provider: Provider) -> Addresses:
    """Return the addresses of one provider; each has its own, so that one cannot answer for another."""
    names = ("signon_callback", "signon_acs", "signon_metadata")
    return Addresses(*(f"{settings.SITE_URL}{reverse(name, args=[aims.slug, provider.code])}" for name in names))
