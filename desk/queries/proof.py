"""How fresh the evidence is: counts by state as a bar, and what is to be renewed next."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from evidence.models import EvidenceLink
from evidence.queries import Freshness, freshness, renewals
from evidence.state import MARKS, due_from, state_of

SHOWN = 5
CODES = 3
GAP = 0.6


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar, in percent of its width."""

    fresh: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """An item to renew: when, how urgent, and what it serves."""

    code: str
    title: str
    serves: str
    state: str
    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence of the AIMS in context."""

    counts: Freshness
    segments: tuple[Segment, ...]
    renewals: tuple[Renewal, ...]


def proof_of(today: date) -> Proof:
    """Count the library and list the most urgent renewals; three queries."""
    counts = freshness(today)
    due = renewals(due_from(today), SHOWN)
    serves = _serves([code for code, _title, _owner, _on in due])
    rows = [_renewal(code, title, serves[code], on, today) for code, title, _owner, on in due]
    return Proof(counts, _segments(counts), tuple(rows))


def _serves(codes: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = EvidenceLink.objects.live().filter(evidence__code__in=codes)
    rows = rows.order_by("requirement__position", "requirement__code")
    for item, requirement in rows.values_list("evidence__code", "requirement__code"):
        if requirement not in found[item]:
            found[item].append(requirement)
    return found


def _renewal(code: str, title: str, serves: list[str], on: date, today: date) -> Renewal:
    state = state_of(on, today)
    glyph, tone = MARKS[state]
    days = (on - today).days
    words = _("overdue %(n)s d") % {"n": -days} if days < 0 else _("in %(n)s d") % {"n": days} if days else _("today")
    more = f" +{len(serves) - CODES}" if len(serves) > CODES else ""
    return Renewal(code, title, ", ".join(serves[:CODES]) + more, str(state.label), glyph, tone, words)


def _segments(counts: Freshness) -> tuple[Segment, ...]:
    parts = {"current": counts.current, "due": counts.due, "overdue": counts.overdue, "none": counts.awaited}
    parts = {name: count for name, count in parts.items() if count}
    room = 100 - GAP * (len(parts) - 1)
    segments, x = [], 0.0
    for name, count in parts.items():
        width = room * count / counts.total
        segments.append(Segment(name, f"{x:.2f}%", f"{width:.2f}%"))
        x += width + GAP
    return tuple(segments)
