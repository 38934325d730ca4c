"""The portfolio and the history of one system as pages and reports show them: drawings and finished lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.bands import Level, rank_of
from assessments.pictures import Palette, Point, band_bars, drawn_moves, flow_matrix, history, span
from assessments.queries.past import EditionJudged
from assessments.queries.portfolio import Portfolio, SystemJudged, Weighed


@dataclass(frozen=True, slots=True)
class Drawn:
    """The drawings of a portfolio, what they leave out, and the counts beside them in words."""

    matrix: SafeString
    risks: SafeString
    bars: SafeString
    note: str
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    systems: int
    decided: int
    waiting: int
    without: int
    late: int
    impacts: int
    risk_count: int
    retired: int


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """One system as a row: its assessment, how far it is, and its worst before measures, now and as targeted."""

    code: str
    name: str
    history: str
    address: str
    is_out: bool
    assessment: str
    edition: str
    glyph: str
    tone: str
    words: str
    span: SafeString
    before: Weighed | None
    now: Weighed | None
    target: Weighed | None
    harms: str
    review: date | None
    is_late: bool


def drawn(found: Portfolio, today: date, *, palette: Palette | None = None) -> Drawn:
    """Draw a portfolio for a page, or in a palette for paper."""
    counts = tuple(
        (label, found.by_band(which))
        for label, which in ((_("Before"), "before"), (_("Now"), "now"), (_("Target"), "target"))
    )
    arrows, moves = drawn_moves(found.flows)
    colours = partial(_rank, found)
    told = _("How many systems stand in each band by their worst impact")
    return Drawn(
        matrix=flow_matrix(found.flows, colours, palette=palette, label=_matrix_told(found)),
        risks=flow_matrix(found.risks, colours, palette=palette, label=_risks_told(found)),
        bars=band_bars(counts, label=f"{told}. {_bars_told(counts)}", palette=palette),
        note=_("The %(n)s largest of %(all)s moves are drawn.") % {"n": arrows, "all": moves} if moves > arrows else "",
        counts=counts,
        systems=len(found.systems),
        decided=sum(row.is_decided for row in found.systems),
        waiting=sum(bool(row.state) and not row.is_decided for row in found.systems),
        without=sum(row.is_unjudged for row in found.systems),
        late=sum(row.is_late(today) for row in found.systems),
        impacts=found.impacts,
        risk_count=sum(found.risks.values()),
        retired=found.retired,
    )


def _rank(found: Portfolio, likelihood: int, severity: int) -> int:
    return rank_of(found.criteria.band(likelihood, severity))


def _risks_told(found: Portfolio) -> str:
    return _("%(n)s risks to the organisation, before treatment (rings) and now (discs)") % {
        "n": sum(found.risks.values())
    }


def _matrix_told(found: Portfolio) -> str:
    about = {"n": found.impacts, "systems": sum(bool(row.state) for row in found.systems)}
    return _("%(n)s impacts of %(systems)s assessed systems, before measures (rings) and now (discs)") % about


def _bars_told(counts: Sequence[tuple[str, Sequence[int]]]) -> str:
    order = (_("Low"), _("Moderate"), _("High"), _("Severe"), _("Not judged"))
    rows = (
        f"{label}: " + ", ".join(f"{n} {name}" for n, name in zip(row, order, strict=True) if n)
        for label, row in counts
    )
    return "; ".join(rows)


def portfolio_line(row: SystemJudged, today: date, *, base: str = "", is_printed: bool = False) -> PortfolioLine:
    """Return a system as a row prints it; `base` is the address of the assessments."""
    glyph, tone = row.mark
    scores = [level.score if level else None for level in (row.before, row.now, row.target)]
    is_aimed = row.target != row.now
    return PortfolioLine(
        code=row.code,
        name=row.name,
        history=f"{base}history/{row.code}/",
        address=f"{base}screenings/{row.screened.code}/" if row.screened else f"{base}{row.assessment}/{row.edition}/",
        is_out=row.is_in_scope is False,
        assessment=row.screened.code if row.screened else row.assessment,
        edition=row.edition,
        glyph=glyph,
        tone=tone,
        words=row.words or _("Not assessed"),
        span=span(scores[0], scores[1], scores[2] if is_aimed else None, is_printed=is_printed),
        before=row.before,
        now=row.now,
        target=row.target if is_aimed else None,
        harms=_harms(row),
        review=row.next_review_on,
        is_late=row.is_late(today),
    )


def _harms(row: SystemJudged) -> str:
    """Count what remains by band, the worst first: 1 Severe, 3 High."""
    names = (_("Low"), _("Moderate"), _("High"), _("Severe"))
    parts = [f"{n} {names[place]}" for place, n in reversed(list(enumerate(row.harms))) if n]
    return ", ".join([*parts, _("%s not scored") % row.unscored] if row.unscored else parts)


def drawn_history(editions: Sequence[EditionJudged], *, palette: Palette | None = None) -> SafeString:
    """Draw the judgement of a system over time."""
    points = [
        Point(
            on=row.on,
            label=row.edition,
            before=_mark(row.before),
            now=_mark(row.now),
            criteria=row.criteria,
            target=_mark(row.target),
            target_on=row.target_on,
            is_open=row.is_open,
            is_screening=row.is_screening,
        )
        for row in editions
    ]
    return history(points, palette=palette)


def _mark(level: Level | None) -> tuple[int, int] | None:
    return (level.rank, level.score) if level else None
