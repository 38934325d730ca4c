"""What the frame of every page shows: where one is, whose AIMS it is, how far the chain is verified."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, IntegerField, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.context import is_acting
from accounts.roles import Role
from aims.models import Aims
from aims.past import and_then
from aims.permissions import may_share
from desk.chain import ChainState, chain_state
from ledger.models import Log
from soa.models import Applicability, Entry

PAGES = (
    ("desk:overview", "overview", gettext_lazy("Overview")),
    ("soa:workbench", "soa", gettext_lazy("Applicability (SoA)")),
    ("systems:list", "system", gettext_lazy("AI systems")),
    ("assessments:list", "assess", gettext_lazy("Impact assessments")),
    ("assessments:risks", "warning", gettext_lazy("Risks")),
    ("evidence:list", "evidence", gettext_lazy("Evidence")),
    ("reports:list", "download", gettext_lazy("Reports")),
    ("audits:cycle", "audit", gettext_lazy("Certification cycle")),
    ("trace:records", "chain", gettext_lazy("Governance chain")),
    ("aims:settings", "filter", gettext_lazy("Scope and people")),
)

# Rooms that have no entry of their own stand below another's.
BELOW = dict.fromkeys(("policies", "operations", "incidents", "changes"), "systems:list")

# These show any date; a test holds the list against the views.
OF_ANY_DATE = {
    *("soa:workbench", "systems:list", "evidence:list"),
    *("assessments:list", "assessments:risks"),
}


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
class Standing:
    """The one thing the frame asks of the database: the head of the log, and how many rows wait for a decision."""

    chain: ChainState | None
    blocking: int


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame inside an AIMS, in one query; pages outside one, and error pages, get the sprite only."""
    aims = getattr(request, "aims", None)
    actor = getattr(request, "actor", None)
    basics: dict[str, Any] = {"sprite": static("icons.svg"), "home": reverse("home"), "drafts": _drafts(request)}
    if aims is None or actor is None or not is_acting():
        return {"frame": basics}
    if actor.is_seat:
        return {"aims": aims, "actor": actor, "frame": basics | _frame_of_seat(request, aims)}
    standing = _standing(aims)
    return {
        "aims": aims,
        "actor": actor,
        "frame": basics
        | {
            "home": reverse("desk:overview", args=[aims.slug]),
            "search": reverse("desk:search", args=[aims.slug]),
            "organisation": aims.organisation,
            "links": _links(request, aims.slug, standing.blocking),
            "roles": ", ".join(str(Role(role).label) for role in Role if role in actor.roles),
            "chain": standing.chain,
            "may_share": may_share(actor, aims),
        },
    }


def _frame_of_seat(request: HttpRequest, aims: Aims) -> dict[str, Any]:
    """A seat of the certification body has one place to go: what is shared with it."""
    home = reverse("desk:seat", args=[aims.slug])
    return {
        "home": home,
        "organisation": aims.organisation,
        "links": [Link(home, "portal", _("Shared with you"), request.path == home)],
        "roles": str(Role.CERTIFIER.label),
        "chain": None,
    }


def _drafts(request: HttpRequest) -> str:
    """Return the name under which the reader's browser keeps what they type; empty for somebody not signed in."""
    user = getattr(request, "user", None)
    return salted_hmac("drafts", user.pseudonym).hexdigest()[:16] if user and user.is_authenticated else ""


def _standing(aims: Aims) -> Standing:
    open_rows = Entry.objects.filter(Q(applicability=Applicability.UNDECIDED) | Q(why="")).order_by()
    counted = Subquery(open_rows.values("aims_id").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    log = Log.objects.annotate(blocking=Coalesce(counted, 0)).first()
    return Standing(chain_state(log, aims), log.blocking) if log else Standing(None, 0)


def _links(request: HttpRequest, slug: str, blocking: int) -> list[Link]:
    room = request.resolver_match.namespace if request.resolver_match else ""
    tail = and_then(request, "?")
    links = []
    for name, icon, label in PAGES:
        address = reverse(name, args=[slug])
        is_here = name.split(":")[0] != "desk" and request.path.startswith(address)
        is_near = request.path == address or is_here or BELOW.get(room) == name
        count = blocking if name == "soa:workbench" and not tail else 0
        told = _("rows to decide or explain:") if count else ""
        carried = tail if name in OF_ANY_DATE else ""
        links.append(Link(address + carried, icon, str(label), is_near, count, told))
    nearest = max((link.address for link in links if link.is_current), key=len, default="")
    return [replace(link, is_current=link.address == nearest) for link in links]
