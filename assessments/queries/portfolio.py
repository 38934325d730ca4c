"""Judgement across systems: the worst of each before measures, now and as targeted, and how all its impacts moved.

Six queries whatever there is; what counts is the edition in force of each assessment, judged by its own criteria.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, IntegerField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from aims.history import rows_at
from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import band_of, rank_of
from assessments.models import Assessment, AssessmentState, Decision, Impact, Risk, Valence
from assessments.queries.drivers import in_force
from assessments.queries.listing import MARKS
from assessments.queries.residual import shipped_criteria
from assessments.screening.queries import Screened, signed_screenings
from systems.models import AiSystem, Stage

Cell = tuple[int, int]
SCREENED = ("seal", "ok")
SCORES = ("likelihood", "severity", "residual_likelihood", "residual_severity", "target_likelihood", "target_severity")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A level as a portfolio keeps it: its band (1 to 4) and its score."""

    rank: int
    score: int

    @property
    def label(self) -> str:
        """The band in words."""
        return str(band_of(self.rank).label)


@dataclass(frozen=True, slots=True)
class SystemJudged:
    """One system and the worst that its assessment in force says of it; without one it may be screened, or neither."""

    code: str
    name: str
    is_in_scope: bool | None
    assessment: str
    edition: str
    state: str
    decision: str
    decided_at: datetime | None
    next_review_on: date | None
    before: Weighed | None
    now: Weighed | None
    target: Weighed | None
    harms: tuple[int, int, int, int]
    unscored: int
    screened: Screened | None = None

    @property
    def is_unjudged(self) -> bool:
        """Whether it was neither assessed nor screened with the outcome that no assessment is due."""
        return not self.state and self.screened is None

    @property
    def is_decided(self) -> bool:
        """Whether its assessment was decided."""
        return self.state == AssessmentState.DECIDED

    @property
    def words(self) -> str:
        """The decision, or how far the assessment is."""
        if not self.state:
            return self.screened.words if self.screened else ""
        return str(Decision(self.decision).label if self.is_decided else AssessmentState(self.state).label)

    @property
    def mark(self) -> tuple[str, str]:
        """Glyph and tone of its state."""
        if not self.state and self.screened:
            return SCREENED
        return MARKS[AssessmentState(self.state)] if self.state else ("none", "none")

    def is_late(self, today: date) -> bool:
        """Whether its review is overdue."""
        return self.next_review_on is not None and self.next_review_on < today


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Every system that is not retired, by code; how impacts moved; the criteria that colour the cells."""

    systems: tuple[SystemJudged, ...]
    flows: Mapping[tuple[Cell | None, Cell | None], int]
    criteria: Criteria
    risks: Mapping[tuple[Cell | None, Cell | None], int] = field(default_factory=dict)
    retired: int = 0

    @property
    def impacts(self) -> int:
        """How many harms there are, scored or not."""
        return sum(self.flows.values())

    def by_band(self, which: str) -> tuple[int, ...]:
        """Return how many systems stand in each band by their worst, the lowest first, then those not judged."""
        found = Counter(level.rank if level else 0 for level in (getattr(row, which) for row in self.systems))
        return (*(found[rank] for rank in range(1, 5)), found[0])


@dataclass(slots=True)
class _Gathered:
    """What is added up for one system."""

    before: int = 0
    now: int = 0
    target: int = 0
    unscored: int = 0
    harms: list[int] = field(default_factory=lambda: [0, 0, 0, 0])


def portfolio(at: datetime | None = None) -> Portfolio:
    """Read the portfolio, now or as it stood at an instant."""
    editions = _editions(at)
    judges = {row.pk: row for row in Criteria.objects.all()}
    flows: Counter[tuple[Cell | None, Cell | None]] = Counter()
    gathered: dict[int, _Gathered] = defaultdict(_Gathered)
    owners = {pk: (system, judges[criteria]) for pk, system, criteria, *_rest in editions}
    known: dict[tuple[int, int], _Levels] = {}
    for (assessment, packed), count in _harms(at).items():
        if assessment not in owners:
            continue
        system, criteria = owners[assessment]
        key = (criteria.number, packed)
        if key not in known:
            known[key] = _judged(packed, criteria)
        flows[_add(gathered[system], known[key], count)] += count
    newest = {system: facts for _pk, system, _criteria, *facts in editions}
    rows = list(rows_at(AiSystem, at).order_by("code").values_list("id", "code", "name", "is_in_scope", "stage"))
    kept = [row for row in rows if row[4] != Stage.RETIRED]
    signed = signed_screenings(at)
    return Portfolio(
        systems=tuple(_system(row, newest.get(row[0]), gathered.get(row[0]), signed.get(row[0])) for row in kept),
        flows=flows,
        risks=_risks(at),
        criteria=max(judges.values(), key=lambda row: row.number, default=shipped_criteria()),
        retired=len(rows) - len(kept),
    )


def _editions(at: datetime | None) -> list[tuple[Any, ...]]:
    rows = rows_at(Assessment, at).filter(in_force()).exclude(system__stage=Stage.RETIRED)
    names = ("id", "system_id", "criteria_id", "code", "edition", "state", "decision", "decided_at", "next_review_on")
    return sorted(rows.order_by("id").values_list(*names), key=lambda row: (row[5] == AssessmentState.DECIDED, row[0]))


def _harms(at: datetime | None) -> Counter[tuple[int, int]]:
    """Return how many harms of each assessment have the same six scores, which are packed in one number."""
    rows = rows_at(Impact, at).filter(valence=Valence.HARM, withdrawn_at__isnull=True).order_by()
    return Counter(rows.annotate(packed=_packed()).values_list("assessment_id", "packed"))


def _risks(at: datetime | None) -> Counter[tuple[Cell | None, Cell | None]]:
    """Return how the risks on the register moved from before treatment to what remains; one query."""
    rows = rows_at(Risk, at).filter(withdrawn_at__isnull=True).order_by().values_list(*SCORES[:4])
    return Counter(
        (_cell(likelihood, severity), _cell(now_likelihood or likelihood, now_severity or severity))
        for likelihood, severity, now_likelihood, now_severity in rows
    )


def _cell(likelihood: int | None, severity: int | None) -> Cell | None:
    return (likelihood, severity) if likelihood and severity else None


def _packed() -> Combinable:
    total: Combinable = Value(0, output_field=IntegerField())
    for name in SCORES:
        total = total * 10 + Coalesce(F(name), Value(0))
    return total


_Levels = tuple[Cell | None, Cell | None, int, int, int]


def _judged(packed: int, criteria: Criteria) -> _Levels:
    """Return the cells before and now, and the weights (band * 100 + score) before, now and as targeted."""
    scores = [packed // 10**place % 10 for place in range(5, -1, -1)]
    likelihood, severity = scores[:2]
    now = (scores[2] or likelihood, scores[3] or severity)
    target = (scores[4], scores[5]) if scores[4] and scores[5] else now
    before = (likelihood, severity)
    weights = [_weight(cell, criteria) for cell in (before, now, target)]
    return (before if weights[0] else None, now if weights[1] else None, weights[0], weights[1], weights[2])


def _weight(cell: Cell, criteria: Criteria) -> int:
    if not (cell[0] and cell[1]):
        return 0
    return rank_of(criteria.band(*cell)) * 100 + cell[0] * cell[1]


def _add(sums: _Gathered, levels: _Levels, count: int) -> tuple[Cell | None, Cell | None]:
    before, now, weighed_before, weighed_now, weighed_target = levels
    sums.before = max(sums.before, weighed_before)
    sums.now = max(sums.now, weighed_now)
    sums.target = max(sums.target, weighed_target)
    if weighed_now:
        sums.harms[weighed_now // 100 - 1] += count
    else:
        sums.unscored += count
    return before, now


def _system(
    row: Sequence[Any], facts: Sequence[Any] | None, sums: _Gathered | None, screened: Screened | None
) -> SystemJudged:
    _pk, code, name, is_in_scope, _stage = row
    assessment, edition, state, decision, decided_at, review = facts or ("", "", "", "", None, None)
    found = sums or _Gathered()
    harms = found.harms
    return SystemJudged(
        code=code,
        name=name,
        is_in_scope=is_in_scope,
        assessment=assessment,
        edition=edition,
        state=state,
        decision=decision,
        decided_at=decided_at,
        next_review_on=screened.until if screened and not state else review,
        before=_level(found.before),
        now=_level(found.now),
        target=_level(found.target),
        harms=(harms[0], harms[1], harms[2], harms[3]),
        unscored=found.unscored,
        screened=None if state else screened,
    )


def _level(weight: int) -> Weighed | None:
    rank, score = divmod(weight, 100)
    return Weighed(rank, score) if rank else None


SORTS = {
    "code": lambda row: row.code,
    "name": lambda row: row.name.casefold(),
    "before": lambda row: _order(row.before),
    "now": lambda row: _order(row.now),
    "target": lambda row: _order(row.target),
    "review": lambda row: row.next_review_on or date.max,
}
STATES = ("none", "screened", "open", "decided", "late")


def _order(level: Weighed | None) -> int:
    return level.rank * 100 + level.score if level else 0


def narrowed(
    rows: Iterable[SystemJudged], *, today: date, search: str = "", band: str = "", state: str = "", sort: str = "-now"
) -> list[SystemJudged]:
    """Return the systems that match, sorted; a minus sorts down."""
    found = [row for row in rows if _matches(row, search.casefold(), band, state, today)]
    key = SORTS.get(sort.removeprefix("-"), SORTS["now"])
    return sorted(sorted(found, key=SORTS["code"]), key=key, reverse=sort.startswith("-"))


def _matches(row: SystemJudged, search: str, band: str, state: str, today: date) -> bool:
    named = row.screened.code if row.screened else row.assessment
    if search and search not in f"{row.code} {row.name} {named}".casefold():
        return False
    if band in Band and (row.now is None or row.now.rank != rank_of(Band(band))):
        return False
    return {
        "none": row.is_unjudged,
        "screened": row.screened is not None,
        "open": bool(row.state) and not row.is_decided,
        "decided": row.is_decided,
        "late": row.is_late(today),
    }.get(state, True)
