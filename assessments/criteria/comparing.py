"""Two versions of the criteria side by side: what they say differently, and which judgements would move.

Nothing is judged anew by looking: every assessment and every risk keeps the version that judged it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from aims.acceptance import rule_of
from aims.judging import steps_of
from aims.models import Criteria
from aims.queries import names_of
from aims.vocabulary import Band
from assessments.bands import Level, judged, worst
from assessments.criteria.untreated import Cell, in_cells
from assessments.models import Assessment, Impact, Risk, Valence
from assessments.queries.banding import standing
from assessments.queries.drivers import in_force

SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the matrix, judged by both versions."""

    before: Level
    after: Level

    @property
    def moves(self) -> bool:
        """Whether its band differs."""
        return self.before.band != self.after.band


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that both versions say, each in its words."""

    about: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A judgement that would move: an edition by its worst harm, a risk by where it stands.

    `count` is how many harms move; `crosses` says whether it comes to lie above ("up") or within ("down") acceptance.
    """

    address: str
    code: str
    title: str
    number: int
    count: int
    before: Level
    after: Level
    crosses: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two versions."""

    before: Criteria
    after: Criteria
    squares: tuple[tuple[Square, ...], ...]
    said: tuple[Said, ...]

    @property
    def moving(self) -> tuple[Square, ...]:
        """The cells whose band differs, the worst first."""
        cells = [square for row in self.squares for square in row if square.moves]
        return tuple(sorted(cells, key=lambda square: (-square.after.rank, -square.after.score)))


def compared(before: Criteria, after: Criteria) -> Compared:
    """Set two versions side by side; one that is not saved yet will do. Names cost a query, nothing else does."""
    squares = tuple(tuple(Square(*_both(before, after, (x, y))) for x in SCALE) for y in reversed(SCALE))
    told = (*_scales(before, after), *_levels(before, after), *_rules(before, after))
    return Compared(before, after, squares, tuple(said for said in told if said.before != said.after))


def moving_cells(before: Criteria, after: Criteria) -> frozenset[Cell]:
    """The pairs of scores whose band differs, or that only one of the two accepts without treatment."""
    found = set()
    for x in SCALE:
        for y in SCALE:
            was, will = _both(before, after, (x, y))
            if was.band != will.band or _crossing(before, after, was, will):
                found.add((x, y))
    return frozenset(found)


def moved_assessments(before: Criteria, after: Criteria, slug: str) -> tuple[Moved, ...]:
    """Editions that count in which a harm would move, by their code; two queries.

    The database counts harms by cell, so that the size of an edition does not matter.
    """
    cells = moving_cells(before, after)
    if not cells:
        return ()
    harms = Impact.objects.filter(in_force("assessment__"), valence=Valence.HARM, withdrawn_at__isnull=True)
    harms = harms.annotate(likelihood_now=standing("likelihood"), severity_now=standing("severity"))
    touched = harms.filter(in_cells(cells)).order_by().values("assessment_id")
    groups = harms.filter(assessment_id__in=touched, likelihood_now__isnull=False, severity_now__isnull=False)
    counted = groups.order_by().values("assessment_id", "likelihood_now", "severity_now").annotate(count=Count("id"))
    by_edition: dict[int, dict[Cell, int]] = {}
    for row in counted:
        by_edition.setdefault(row["assessment_id"], {})[row["likelihood_now"], row["severity_now"]] = row["count"]
    rows = Assessment.objects.filter(pk__in=touched).select_related("system", "criteria").defer("frozen")
    found = (_edition(row, by_edition[row.pk], (cells, before, after), slug) for row in rows.order_by("code", "pk"))
    return tuple(found)


def moved_risks(before: Criteria, after: Criteria, slug: str) -> tuple[Moved, ...]:
    """Risks on the register that would move, by their code; one query."""
    cells = moving_cells(before, after)
    rows: QuerySet[Any] = Risk.objects.filter(withdrawn_at__isnull=True).select_related("criteria")
    rows = rows.annotate(likelihood_now=standing("likelihood"), severity_now=standing("severity"))
    rows = rows.filter(in_cells(cells)).order_by("code") if cells else rows.none()
    found = []
    for row in rows:
        was, will = _both(before, after, (row.likelihood_now, row.severity_now))
        crosses = _crossing(before, after, was, will)
        place = reverse("assessments:risk", args=[slug, row.code])
        found.append(Moved(place, row.code, row.title, row.criteria.number, 1, was, will, crosses))
    return tuple(found)


def _edition(
    row: Assessment, harms: dict[Cell, int], by: tuple[frozenset[Cell], Criteria, Criteria], slug: str
) -> Moved:
    cells, before, after = by
    was = worst(judged(before, *cell) for cell in harms)
    will = worst(judged(after, *cell) for cell in harms)
    assert was is not None and will is not None  # noqa: S101, PT018  (an edition that moves has scored harms)
    count = sum(count for cell, count in harms.items() if cell in cells)
    crosses = _crossing(before, after, was, will)
    place = reverse("assessments:detail", args=[slug, row.code, row.edition])
    return Moved(place, row.ref_code, row.system.name, row.criteria.number, count, was, will, crosses)


def _both(before: Criteria, after: Criteria, cell: Cell) -> tuple[Level, Level]:
    x, y = cell
    return Level(x, y, before.band(x, y)), Level(x, y, after.band(x, y))


def _crossing(before: Criteria, after: Criteria, was: Level, will: Level) -> str:
    stood, stands = before.is_acceptable(was.band), after.is_acceptable(will.band)
    if stood == stands:
        return ""
    return "up" if stood else "down"


def _scales(before: Criteria, after: Criteria) -> Iterator[Said]:
    for name, words in (("likelihood", _("Likelihood %(n)s")), ("severity", _("Severity %(n)s"))):
        for old, new in zip(steps_of(getattr(before, name)), steps_of(getattr(after, name)), strict=False):
            yield Said(words % {"n": new.score}, f"{old.label}. {old.wording}", f"{new.label}. {new.wording}")


def _levels(before: Criteria, after: Criteria) -> Iterator[Said]:
    for band in Band:
        spans = (_span(criteria, band) for criteria in (before, after))
        yield Said(_("Scores of %(band)s") % {"band": band.label}, *spans)
    yield _said(_("Severity 5 is at least"), [before.severity_five_at_least, after.severity_five_at_least])
    nothing = _("nothing")
    yield _said(_("Acceptable without treatment up to"), [before.acceptable_up_to, after.acceptable_up_to], nothing)
    yield _said(_("Escalated to top management from"), [before.escalate_from, after.escalate_from])


def _span(criteria: Criteria, band: Band) -> str:
    lowest, highest = criteria.bands[band]
    return _("%(low)s to %(high)s") % {"low": lowest, "high": highest}


def _said(about: str, bands: Sequence[str], nothing: str = "") -> Said:
    old, new = (str(Band(band).label) if band else nothing for band in bands)
    return Said(about, old, new)


def _rules(before: Criteria, after: Criteria) -> Iterable[Said]:
    for band in Band:
        old, new = rule_of(before, band), rule_of(after, band)
        if old != new:
            about = _("%(band)s may be accepted by") % {"band": band.label}
            yield Said(about, old.words(names_of(old.named)), new.words(names_of(new.named)))
