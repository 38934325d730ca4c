"""A system's judgement over time: each edition a column, from a ring before measures to a disc with those in place.

Bands are lanes, the lowest at the bottom, and every mark carries its score: it reads without colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.days import short_day
from assessments.pictures.grid import band_names
from assessments.pictures.ink import Paint, Palette, Pen, n

WIDE, LEFT, RIGHT, TOP, LANE, FOOT = 720, 78, 24, 8, 46, 46
NEAREST = 62
CLOSE = 20
MOST = 10
Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Point:
    """One edition: when, its name, band and score before measures and now, and the criteria that judged it.

    `target` is what is meant to remain by `target_on`; an open edition is not decided yet. A screening that was signed
    has no band: it says that nothing is due, and stands as a square below the lanes' lowest mark.
    """

    on: date
    label: str
    before: Mark | None
    now: Mark | None
    criteria: int
    target: Mark | None = None
    target_on: date | None = None
    is_open: bool = False
    is_screening: bool = False


def history(points: Sequence[Point], *, label: str = "", palette: Palette | None = None) -> SafeString:
    """Draw the last MOST editions, oldest first, and the target of the newest."""
    shown = sorted(points, key=lambda point: point.on)[-MOST:]
    pen = Pen(palette)
    places = _places(shown)
    parts = [*_lanes(pen)]
    parts += _line(pen, "history-before", [(x, p.before) for x, p in zip(places, shown, strict=False) if p.before])
    parts += _line(pen, "history-now", [(x, p.now) for x, p in zip(places, shown, strict=False) if p.now])
    judges: int | None = None
    for index, (x, point) in enumerate(zip(places, shown, strict=False)):
        if point.is_screening:
            parts += _screened(pen, x, point)
            continue
        if judges is not None and point.criteria != judges:
            parts += _criteria(pen, (x + places[index - 1]) / 2, point.criteria)
        judges = point.criteria
        parts += _column(pen, x, point)
    if len(places) > len(shown):
        parts += _target(pen, places[-2], places[-1], shown[-1])
    return pen.frame("history", WIDE, TOP + 4 * LANE + FOOT, label or _told(shown), parts)


def _places(points: Sequence[Point]) -> list[float]:
    """Return where each column stands: by date, but never nearer than its words need; the target has a place too."""
    days = [point.on for point in points]
    if points and points[-1].target and points[-1].target_on:
        days.append(max(points[-1].target_on, points[-1].on))
    if not days:
        return []
    room = WIDE - LEFT - RIGHT - NEAREST
    first, length = days[0], max((days[-1] - days[0]).days, 1)
    nearest = min(NEAREST, room / max(len(days) - 1, 1))
    places = [(day - first).days / length * room for day in days]
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + nearest)
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], room - (len(places) - 1 - index) * nearest)
    return [LEFT + NEAREST / 2 + place for place in places]


def _y(mark: Mark) -> float:
    """Return the height of a band and score: the lane is the band, and within it more is higher."""
    rank, score = mark
    return TOP + (5 - rank) * LANE - 12 - (score - 1) / 24 * (LANE - 24)


def _lanes(pen: Pen) -> list[SafeString]:
    parts = []
    for rank, name in enumerate(band_names(), 1):
        y = TOP + (4 - rank) * LANE
        paint: Paint = {"fill": pen.colours.pale[rank][0], "stroke": pen.colours.line, "stroke_width": 0.5}
        parts.append(
            pen.shape(
                "rect", "lane", paint=paint, data_band=rank, x=LEFT, y=y, width=WIDE - LEFT - RIGHT / 2, height=LANE
            )
        )
        parts.append(pen.text(LEFT - 8, y + LANE / 2 + 4, name, "lane-name", size=11, anchor="end"))
    return parts


def _line(pen: Pen, kind: str, marks: Sequence[tuple[float, Mark]]) -> list[SafeString]:
    if len(marks) < 2:
        return []
    is_before = kind == "history-before"
    steps = "L".join(f"{n(x)} {n(_y(mark))}" for x, mark in marks)
    paint: dict[str, str | float] = {
        "fill": "none",
        "stroke": pen.colours.quiet if is_before else pen.colours.ink,
        "stroke_width": 1 if is_before else 1.75,
    }
    return [pen.shape("path", kind, paint=paint | ({"stroke_dasharray": "3 3"} if is_before else {}), d=f"M{steps}")]


def _column(pen: Pen, x: float, point: Point) -> list[SafeString]:
    parts = []
    has_both = point.before and point.now and point.before != point.now
    aside = 11 if has_both and abs(_y(point.before) - _y(point.now)) < CLOSE else 0  # type: ignore[arg-type]
    if point.before and point.before != point.now:
        parts += _spot(pen, x - aside, point.before, is_before=True)
    if point.now:
        parts += _spot(pen, x + aside, point.now, is_before=False, is_open=point.is_open)
    foot = TOP + 4 * LANE
    parts.append(pen.text(x, foot + 15, point.label, "history-edition", size=11, weight=600, fill=pen.colours.ink))
    words = _("open") if point.is_open else short_day(point.on)
    parts.append(pen.text(x, foot + 29, words, "history-day", size=10))
    return parts


def _screened(pen: Pen, x: float, point: Point) -> list[SafeString]:
    """A square with a tick at the foot of the lowest lane."""
    foot = TOP + 4 * LANE
    paint: Paint = {"fill": pen.colours.paper, "stroke": pen.colours.ink, "stroke_width": 1.2}
    square = pen.shape("rect", "spot", paint=paint, x=x - 9, y=foot - 22, width=18, height=18)
    line: Paint = {"fill": "none", "stroke": pen.colours.ink, "stroke_width": 1.6}
    tick = pen.shape("path", "spot", paint=line, d=f"M{n(x - 5)} {n(foot - 13)}l4 4 7-8")
    return [
        pen.shape("g", "token", square + tick, data_kind="screening"),
        pen.text(x, foot + 15, _("not due"), "history-edition", size=11, weight=600, fill=pen.colours.ink),
        pen.text(x, foot + 29, short_day(point.on), "history-day", size=10),
    ]


def _spot(pen: Pen, x: float, mark: Mark, *, is_before: bool, is_open: bool = False) -> list[SafeString]:
    y, hollow = _y(mark), is_before or is_open
    paint: dict[str, str | float] = {
        "fill": pen.colours.paper if hollow else pen.colours.ink,
        "stroke": pen.colours.ink if hollow else pen.colours.paper,
        "stroke_width": 1.2,
    }
    dashes: dict[str, str | float] = {"stroke_dasharray": "2.6 2"} if is_before else {}
    circle = pen.shape("circle", "spot", paint=paint | dashes, cx=x, cy=y, r=9.5)
    ink = pen.colours.ink if hollow else pen.colours.paper
    number = pen.text(x, y + 3.6, str(mark[1]), "token-number size-10", size=10, fill=ink, weight=600)
    kind = "inherent" if is_before else "open" if is_open else "residual"
    return [pen.shape("g", "token", circle + number, data_kind=kind)]


def _criteria(pen: Pen, x: float, number: int) -> list[SafeString]:
    paint: dict[str, str | float] = {
        "stroke": pen.colours.quiet,
        "stroke_width": 1,
        "stroke_dasharray": "1 3",
        "fill": "none",
    }
    foot = TOP + 4 * LANE
    words = _("criteria %s") % number
    return [
        pen.shape("path", "history-criteria", paint=paint, d=f"M{n(x)} {TOP}V{foot + 34}"),
        pen.text(x, foot + 43, words, "history-day", size=9),
    ]


def _target(pen: Pen, start: float, x: float, point: Point) -> list[SafeString]:
    if point.target is None or point.target_on is None:
        return []
    y = _y(point.target)
    paint: dict[str, str | float] = {"stroke": pen.colours.ink, "stroke_width": 1.2, "fill": pen.colours.paper}
    line = paint | {"stroke_dasharray": "2 3", "fill": "none"}
    parts = []
    if point.now:
        parts.append(
            pen.shape("path", "history-target-line", paint=line, d=f"M{n(start + 11)} {n(_y(point.now))}L{n(x)} {n(y)}")
        )
    diamond = pen.shape("path", "spot", paint=paint, d=f"M{n(x)} {n(y - 11)}l11 11-11 11-11-11z")
    number = pen.text(x, y + 3.6, str(point.target[1]), "token-number size-9", size=9, weight=600, fill=pen.colours.ink)
    foot = TOP + 4 * LANE
    return [
        *parts,
        pen.shape("g", "token", diamond + number, data_kind="target"),
        pen.text(x, foot + 15, _("target"), "history-edition", size=11, fill=pen.colours.ink),
        pen.text(x, foot + 29, short_day(point.target_on), "history-day", size=10),
    ]


def _told(points: Sequence[Point]) -> str:
    if not points:
        return _("Nothing has been judged yet.")
    count = sum(not point.is_screening for point in points)
    told = ngettext("%(n)s edition", "%(n)s editions", count) % {"n": count}
    return f"{told}. {'; '.join(_step(point) for point in points if point.now or point.is_screening)}."


def _step(point: Point) -> str:
    if point.now is None:
        return _("%(day)s: screened, no assessment is due") % {"day": short_day(point.on)}
    return f"{point.label}: {point.now[1]} {band_names()[point.now[0] - 1]}"
