"""Scores and their bands: likelihood times severity, judged by the criteria that stand frozen on the row."""

from collections.abc import Iterable
from dataclasses import dataclass

from aims.models import Criteria
from aims.vocabulary import Band

ORDER = list(Band)


@dataclass(frozen=True, slots=True)
class Level:
    """One judged cell of the matrix."""

    likelihood: int
    severity: int
    band: Band

    @property
    def score(self) -> int:
        """Likelihood times severity, 1 to 25."""
        return self.likelihood * self.severity

    @property
    def rank(self) -> int:
        """The band as a number, 1 (low) to 4 (severe)."""
        return rank_of(self.band)

    @property
    def label(self) -> str:
        """The band in words."""
        return str(self.band.label)


def rank_of(band: Band) -> int:
    """Return the place of a band, 1 to 4."""
    return ORDER.index(band) + 1


def band_of(rank: int) -> Band:
    """Return the band at a place, 1 to 4."""
    return ORDER[rank - 1]


def judged(criteria: Criteria, likelihood: int | None, severity: int | None) -> Level | None:
    """Judge a pair of scores; a pair that is not complete has no band."""
    if likelihood is None or severity is None:
        return None
    return Level(likelihood, severity, criteria.band(likelihood, severity))


def worst(levels: Iterable[Level | None]) -> Level | None:
    """Return the worst level: the higher band first, then the higher score."""
    return max((level for level in levels if level), key=lambda level: (level.rank, level.score), default=None)
