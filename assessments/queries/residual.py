"""Where the impacts and the risks stand on the matrix now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aims.history import rows_at
from aims.judging import shipped
from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import Level, judged, rank_of
from assessments.models import Impact, Risk, Valence
from assessments.queries.drivers import in_force

SCALE = range(1, 6)
SCORES = ("likelihood", "severity", "residual_likelihood", "residual_severity")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: how many stand there, and its band."""

    likelihood: int
    severity: int
    count: int
    band: Band

    @property
    def rank(self) -> int:
        """The band as a number, 1 to 4."""
        return rank_of(self.band)

    @property
    def label(self) -> str:
        """The band in words."""
        return str(self.band.label)


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many stand in a band."""

    band: Band
    rank: int
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Residual:
    """A 5x5 matrix: rows from severity 5 down, each from likelihood 1 up; `bands` counts by each row's own criteria."""

    rows: tuple[tuple[Cell, ...], ...]
    bands: tuple[BandCount, ...]
    total: int
    unscored: int
    systems: int

    @property
    def worst(self) -> BandCount | None:
        """The worst band that anything stands in."""
        return next((band for band in reversed(self.bands) if band.count), None)


def residual_matrix() -> Residual:
    """Harms of the editions in force, with the measures in place: one query."""
    rows = Impact.objects.filter(in_force("assessment__"), valence=Valence.HARM, withdrawn_at__isnull=True)
    return _residual(_fetched(rows, criteria="assessment__criteria__", system="assessment__system_id"))


def risk_matrix(at: datetime | None = None) -> Residual:
    """Risks on the register, after treatment, now or at an instant: one query."""
    rows = rows_at(Risk, at).filter(withdrawn_at__isnull=True)
    return _residual(_fetched(rows, criteria="criteria__", system="system_id"))


def matrix_of(levels: Iterable[Level | None], criteria: Criteria, *, systems: int = 0) -> Residual:
    """Count levels into cells; `criteria` colours the cells, the levels bring their own bands."""
    found = list(levels)
    scored = [level for level in found if level]
    cells = Counter((level.likelihood, level.severity) for level in scored)
    by_band = Counter(level.band for level in scored)
    return Residual(
        rows=tuple(tuple(Cell(x, y, cells[x, y], criteria.band(x, y)) for x in SCALE) for y in reversed(SCALE)),
        bands=tuple(BandCount(band, rank_of(band), str(band.label), by_band[band]) for band in Band),
        total=len(scored),
        unscored=len(found) - len(scored),
        systems=systems,
    )


def shipped_criteria() -> Criteria:
    """The criteria that ship, unsaved: what an empty matrix is coloured by."""
    return Criteria(number=0, **shipped())


def _fetched(rows: Any, *, criteria: str, system: str) -> Sequence[tuple[Any, ...]]:
    names = (f"{criteria}{name}" for name in ("number", "bands", "severity_five_at_least"))
    return list(rows.values_list(system, *names, *SCORES))


def _residual(rows: Sequence[tuple[Any, ...]]) -> Residual:
    judges = {
        number: Criteria(number=number, bands=bands, severity_five_at_least=floor)
        for _system, number, bands, floor, *_scores in rows
    }
    levels = [
        judged(judges[number], now_likelihood or likelihood, now_severity or severity)
        for _system, number, _bands, _floor, likelihood, severity, now_likelihood, now_severity in rows
    ]
    newest = judges[max(judges)] if judges else shipped_criteria()
    return matrix_of(levels, newest, systems=len({row[0] for row in rows if row[0]}))
