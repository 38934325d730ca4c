"""The page of the certificate that signs reports, as frozen shapes of finished strings."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.sealed import CannotUnseal
from aims.models import Aims
from reports.listing import start_of
from reports.models import CertificateKind, SigningIdentity
from reports.paper import words
from reports.signatory import signatory_of

PAGE_SIZE = 20
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Warned:
    """What is wrong with the certificate in force, or soon will be."""

    tone: str
    glyph: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """The certificate in force."""

    name: str
    kind: str
    is_made: bool
    is_self_signed: bool
    subject: str
    issuer: str
    serial: str
    valid: str
    since: str
    fingerprint: tuple[str, ...]
    pem: str
    warned: Warned | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A certificate that was replaced."""

    name: str
    kind: str
    used: str
    fingerprint: str
    pem: str


def card_of(identity: SigningIdentity, aims: Aims) -> Card:
    """Return the certificate in force; one look at its key tells whether it can sign at all."""
    return Card(
        name=identity.name,
        kind=str(identity.get_kind_display()),
        is_made=identity.kind == CertificateKind.MADE,
        is_self_signed=identity.subject == identity.issuer,
        subject=identity.subject,
        issuer=identity.issuer,
        serial=words.in_fours(identity.serial),
        valid=_("%(first)s to %(last)s")
        % {"first": words.day(identity.valid_from), "last": words.day(identity.valid_until)},
        since=words.day(identity.made_at),
        fingerprint=tuple(words.in_fours(half) for half in words.halves(identity.fingerprint_sha256)),
        pem=_pem(identity, aims),
        warned=_warned(identity),
    )


def earlier_page(aims: Aims, number: str) -> tuple[Page[SigningIdentity], list[Earlier]]:
    """Return a page of replaced certificates, newest first."""
    rows = SigningIdentity.objects.filter(replaced_at__isnull=False).defer("chain")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    return page, [_earlier(row, aims) for row in page.object_list]


def _earlier(identity: SigningIdentity, aims: Aims) -> Earlier:
    used = {"first": words.day(identity.made_at), "last": words.day(identity.replaced_at)}
    return Earlier(
        name=identity.name,
        kind=str(identity.get_kind_display()),
        used=_("%(first)s to %(last)s") % used,
        fingerprint=start_of(identity.fingerprint_sha256),
        pem=_pem(identity, aims),
    )


def _pem(identity: SigningIdentity, aims: Aims) -> str:
    return reverse("reports:certificate_pem", args=[aims.slug, identity.code])


def _warned(identity: SigningIdentity) -> Warned | None:
    try:
        signatory_of(identity)
    except CannotUnseal as refusal:
        return Warned("bad", "bad", refusal.message)
    left = identity.valid_until - clock.now()
    if identity.kind == CertificateKind.MADE or left > SOON:
        return None
    if left <= timedelta(0):
        text = _("It expired on %(day)s. No report can be signed until another one is in force.")
        return Warned("bad", "bad", text % {"day": words.long_day(identity.valid_until)})
    text = ngettext(
        "It expires in %(n)s day. Put the next one in force before then.",
        "It expires in %(n)s days. Put the next one in force before then.",
        left.days,
    )
    return Warned("warn", "warn", text % {"n": left.days})
