"""Readiness by area: one square per control, and the three counts an auditor asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.state import EvidenceState
from soa.models import Applicability, Effectiveness, Implementation
from soa.queries.rows import Row

PROVEN = frozenset({EvidenceState.CURRENT, EvidenceState.DUE, EvidenceState.UNEXPECTED})
WORDS = {
    "evidenced": gettext_lazy("evidenced"),
    "nonconforming": gettext_lazy("open nonconformity"),
    "implemented": gettext_lazy("implemented, without current evidence"),
    "partly": gettext_lazy("partly implemented"),
    "planned": gettext_lazy("not in place yet"),
    "undecided": gettext_lazy("undecided"),
    "excluded": gettext_lazy("excluded"),
}
ORDER = tuple(WORDS)


@dataclass(frozen=True, slots=True)
class Square:
    """One control: its state, and that in words."""

    state: str
    title: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many controls apply, are implemented, and are implemented with evidence and no open nonconformity."""

    apply: int
    implemented: int
    evidenced: int

    @property
    def words(self) -> str:
        """The counts as the squares are read aloud."""
        words = {"apply": self.apply, "done": self.implemented, "proven": self.evidenced}
        return _("%(apply)s apply, %(done)s implemented, %(proven)s evidenced") % words


@dataclass(frozen=True, slots=True)
class AreaReadiness:
    """One area with its squares, the readiest first."""

    code: str
    title: str
    anchor: str
    squares: tuple[Square, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Readiness:
    """All areas, and the whole; `states` are those that stand in the legend."""

    areas: tuple[AreaReadiness, ...]
    counts: Counts
    states: frozenset[str]


def readiness_of(rows: Iterable[Row]) -> Readiness:
    """Group the statement's rows by area; no query."""
    rows = tuple(rows)
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.requirement.area.code if row.requirement.area else "ORG", []).append(row)
    areas = tuple(_area(code, members) for code, members in grouped.items())
    return Readiness(areas, _counts(rows), frozenset(state_of(row) for row in rows))


def state_of(row: Row) -> str:
    """Return the state of a control's square."""
    if row.rolled.applicability != Applicability.INCLUDED:
        return "excluded" if row.rolled.applicability == Applicability.EXCLUDED else "undecided"
    if row.findings or row.entry.effectiveness == Effectiveness.NONCONFORMING:
        return "nonconforming"
    match row.rolled.implementation:
        case Implementation.IMPLEMENTED:
            return "evidenced" if row.evidence_state in PROVEN else "implemented"
        case Implementation.PARTLY:
            return "partly"
        case _:
            return "planned"


def _area(code: str, rows: list[Row]) -> AreaReadiness:
    area = rows[0].requirement.area
    squares = sorted((_square(row) for row in rows), key=lambda square: ORDER.index(square.state))
    anchor = f"area-{code.lower().replace('.', '')}"
    return AreaReadiness(code, area.title if area else _("Own controls"), anchor, tuple(squares), _counts(rows))


def _square(row: Row) -> Square:
    state = state_of(row)
    return Square(state, f"{row.code} {WORDS[state]}")


def _counts(rows: Iterable[Row]) -> Counts:
    applied = [row for row in rows if row.rolled.applicability == Applicability.INCLUDED]
    done = sum(row.rolled.implementation == Implementation.IMPLEMENTED for row in applied)
    return Counts(len(applied), done, sum(state_of(row) == "evidenced" for row in applied))
