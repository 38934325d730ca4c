"""The one question of lineage, asked by the page, the API and the command alike."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts import clock
from accounts.refusals import Refusal
from aims.models import Aims
from trace import ports, words
from trace.lineage.proving import Found, proved
from trace.lineage.shapes import Asked, Lens, Lineage, Node, Provider
from trace.lineage.walk import Walked, by_kind, walk

DEPTH = 6
DEEPEST = 12
LIMIT = 500
BACK, FORWARD, BOTH = "back", "forward", "both"
DIRECTIONS = (BACK, FORWARD, BOTH)


class NothingThere(Refusal):
    """There is no such subject in this AIMS."""


def lineage_of(subject: str, aims: Aims, *, direction: str = BOTH, depth: int = DEPTH, limit: int = LIMIT) -> Lineage:
    """Return what the subject rests on and what rests on it; raises NothingThere for an unknown one.

    Queries: those of the providers for each layer that is walked, one round to describe what was found, and a dozen
    for records and their authority. None depends on how many things there are.
    """
    providers = ports.lineage_providers()
    lens = Lens(resolved(subject, providers), aims.slug, clock.today(aims.time_zone))

    def walked(way: str) -> Walked:
        tells = [provider.back if way == BACK else provider.forward for provider in providers]
        is_asked = direction in (way, BOTH)
        return walk(lens.subject, tells if is_asked else [], backwards=way == BACK, depth=depth, limit=limit)

    back, forward = walked(BACK), walked(FORWARD)
    nodes = described({**back.distances, **forward.distances}, lens, providers)
    if lens.subject not in nodes:
        raise _nothing(subject)
    return proved(Found(lens, back, forward, nodes), lambda refs: described(refs, lens, providers))


def resolved(subject: str, providers: Iterable[Provider]) -> str:
    """Return the full reference of a subject, such as the newest edition; raises NothingThere."""
    kind, _colon, code = subject.replace("\x00", "").strip().partition(":")
    provider = next((provider for provider in providers if kind in provider.kinds), None)
    ref = provider.resolve(kind, code) if provider and code else ""
    if not ref:
        raise _nothing(subject)
    return ref


def described(refs: Iterable[str], lens: Lens, providers: Iterable[Provider]) -> dict[str, Node]:
    """Ask each provider once for the nodes of its kinds that are there."""
    asked = Asked(by_kind(sorted(refs)))
    return {node.ref: node for provider in providers for node in provider.describe(asked, lens)}


def _nothing(subject: str) -> NothingThere:
    kind, _colon, code = subject.strip().partition(":")
    if not (kind and code):
        return NothingThere(_("Name a subject as kind and code, such as entry:A.6.2.4."), field="subject")
    about = {"kind": words.kind_label(kind[:40]).lower(), "code": code[:80]}
    return NothingThere(_("There is no %(kind)s %(code)s here.") % about, field="subject")
