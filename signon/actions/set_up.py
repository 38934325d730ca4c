"""Fill in a provider: whom it speaks for, by which keys, and for which domains its word is taken."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from accounts.sealed import seal
from ledger.actions import record
from ledger.change import Change, hold_apart
from signon.actions.add_provider import WHO, NotProvidable
from signon.asserted import NotAsserted
from signon.events import CONFIGURED
from signon.fetching import check_address
from signon.models import Identity, Provider, ProviderSecret
from signon.oidc import WELL_KNOWN
from signon.permissions import may_configure
from signon.secrets import purpose_of
from signon.told import bare, read_certificate

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
EVERYBODYS = frozenset(
    """aol.com gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com mail.ru me.com
    msn.com outlook.com proton.me protonmail.com qq.com web.de yahoo.com yandex.ru zoho.com""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class OidcSetup:
    """An OpenID Connect provider; an empty secret keeps the one that is there."""

    name: str
    issuer: str
    client_id: str
    secret: str = ""
    domains: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SamlSetup:
    """A SAML provider; `vouches` says that the organisation takes its word for e-mail addresses."""

    name: str
    issuer: str
    sso_url: str
    certificates: list[str]
    domains: list[str] = field(default_factory=list)
    vouches: bool = False


@transaction.atomic
def set_up_oidc(provider: Provider, setup: OidcSetup, *, seen: int, actor: Actor) -> Provider:
    """Save an OpenID Connect provider; the secret is sealed, and neither history nor chain hold it."""
    row = _locked(provider, actor, seen)
    issuer = _address(setup.issuer.strip().removesuffix(WELL_KNOWN), "issuer")
    if not setup.client_id.strip():
        raise NotProvidable(_("Give the client id."), field="client_id")
    if not setup.secret and row.secret_set_at is None:
        raise NotProvidable(_("Give the client secret."), field="secret")
    fields: dict[str, Any] = {"issuer": issuer, "client_id": setup.client_id.strip()}
    if setup.secret:
        sealed = seal(setup.secret.encode(), purpose_of(row))
        ProviderSecret.objects.update_or_create(aims_id=row.aims_id, provider=row, defaults={"sealed": sealed})
        fields["secret_set_at"] = clock.now()
    return _save(row, setup, fields, actor)


@transaction.atomic
def set_up_saml(provider: Provider, setup: SamlSetup, *, seen: int, actor: Actor) -> Provider:
    """Save a SAML provider."""
    row = _locked(provider, actor, seen)
    if not setup.issuer.strip():
        raise NotProvidable(_("Give the provider's entity id."), field="issuer")
    fields = {
        "issuer": setup.issuer.strip(),
        "sso_url": _address(setup.sso_url.strip(), "sso_url"),
        "certificates": _certificates(setup.certificates),
        "vouches": setup.vouches,
    }
    return _save(row, setup, fields, actor)


def _locked(provider: Provider, actor: Actor, seen: int) -> Provider:
    require(may_configure(actor, provider.aims), WHO)
    row = Provider.objects.select_for_update().get(pk=provider.pk)
    hold_apart(row, seen)
    if row.withdrawn_at is not None:
        raise NotProvidable(_("%(name)s is withdrawn. Add a new provider instead.") % {"name": row.name})
    return row


def _save(row: Provider, setup: OidcSetup | SamlSetup, fields: dict[str, Any], actor: Actor) -> Provider:
    if not setup.name.strip():
        raise NotProvidable(_("Give the name that people know the provider by."), field="name")
    has_people = Identity.objects.filter(provider=row, unlinked_at__isnull=True).exists()
    if fields["issuer"] != row.issuer and has_people:
        raise NotProvidable(_("People are linked to this issuer. Add another provider instead."), field="issuer")
    change = Change.of(row, name=setup.name.strip(), domains=_domains(setup.domains), **fields)
    if change:
        change.save(actor=actor)
        record(CONFIGURED, row, actor=actor, change=change)
    return row


def _address(url: str, place: str) -> str:
    try:
        return check_address(url)
    except NotAsserted as refusal:
        raise NotProvidable(refusal.message, field=place) from refusal


def _domains(domains: list[str]) -> list[str]:
    told = sorted({domain.strip().lower().removeprefix("@") for domain in domains if domain.strip()})
    for domain in told:
        if not DOMAIN.fullmatch(domain):
            raise NotProvidable(
                _("%(domain)s is no domain, such as example.org.") % {"domain": domain}, field="domains"
            )
        if domain in EVERYBODYS:
            raise NotProvidable(
                _("Anybody may have an address at %(domain)s, so no provider speaks for it.") % {"domain": domain},
                field="domains",
            )
    return told


def _certificates(certificates: list[str]) -> list[str]:
    """Return them as bare base64, which is how SAML writes them."""
    if not certificates:
        raise NotProvidable(_("Give the certificate that the provider signs with."), field="certificates")
    try:
        return [bare(one) for one in certificates if read_certificate(one)]
    except NotAsserted as refusal:
        raise NotProvidable(refusal.message, field="certificates") from refusal
