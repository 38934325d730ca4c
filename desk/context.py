"""What the frame of every page shows: where one is, whose AIMS it is, how far the chain is verified."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.roles import Role
from ledger.models import Log

PAGES = (
    ("desk:overview", "overview", _("Overview")),
    ("soa:workbench", "soa", _("Applicability (SoA)")),
    ("systems:list", "system", _("AI systems")),
    ("assessments:list", "assess", _("Impact assessments")),
    ("assessments:risks", "warning", _("Risks")),
    ("evidence:list", "evidence", _("Evidence")),
    ("reports:list", "download", _("Reports")),
    ("audits:cycle", "audit", _("Certification cycle")),
    ("trace:records", "chain", _("Governance chain")),
    ("aims:settings", "filter", _("Scope and people")),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    address: str
    icon: str
    label: str
    is_current: bool
    count: int = 0
    count_label: str = ""


@dataclass(frozen=True, slots=True)
class ChainState:
    """The foot of the sidebar: how far the chain has been verified."""

    address: str
    text: str
    when: str
    tone: str
    glyph: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame inside an AIMS; pages outside one get the sprite only."""
    aims = getattr(request, "aims", None)
    basics: dict[str, Any] = {"sprite": static("icons.svg"), "home": "/"}
    actor = getattr(request, "actor", None)
    if aims is None or actor is None:
        return {"frame": basics}
    return {
        "aims": aims,
        "actor": actor,
        "frame": basics
        | {
            "home": f"/a/{aims.slug}/",
            "organisation": aims.organisation,
            "links": _links(request, aims.slug),
            "roles": ", ".join(str(Role(role).label) for role in Role if role in actor.roles),
            "chain": _chain(aims.slug),
        },
    }


def _links(request: HttpRequest, slug: str) -> list[Link]:
    here = request.resolver_match.namespace if request.resolver_match else ""
    links = []
    for name, icon, label in PAGES:
        with suppress(NoReverseMatch):
            address = reverse(name, args=[slug])
            is_near = name.split(":")[0] == here and request.path.startswith(address)
            links.append(Link(address, icon, label, is_near))
    nearest = max((link.address for link in links if link.is_current), key=len, default="")
    return [replace(link, is_current=link.address == nearest) for link in links]


def _chain(slug: str) -> ChainState | None:
    log = Log.objects.first()
    if log is None:
        return None
    try:
        address = reverse("trace:records", args=[slug])
    except NoReverseMatch:
        return None
    if log.fault:
        return ChainState(address, _("The chain does not hold"), "", "bad", "bad")
    if log.verified_at is None:
        return ChainState(address, _("%(n)s records, not verified yet") % {"n": log.size}, "", "none", "none")
    text = _("Chain verified to record #%(n)s") % {"n": f"{log.verified_size:,}".replace(",", "\u202f")}
    return ChainState(address, text, f"{log.verified_at:%-d %b %Y, %H:%M} UTC", "ok", "seal")
