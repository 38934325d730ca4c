"""The geometry of the cycle's chart: dates to SVG coordinates, labels in lanes so that none overlap."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from audits.shapes import Bar, Chart, Diamond, Mark, Stop, Today, Year

WIDTH = 1140
LEFT, RIGHT = 8, 1132
LANE = 34
CHARACTER = 7.2
GAP = 12
FLAG_WIDTH = 104
YEAR_SPACING = 44
CERTIFICATE = ("issued", "expires")


class Scale:
    """Days to user units, with a margin of time on both sides."""

    def __init__(self, days: Sequence[date]) -> None:
        first, last = min(days), max(days)
        margin = timedelta(days=max(45, (last - first).days // 28))
        self.first, self.last = first - margin, last + margin

    def x(self, day: date) -> float:
        """Return where the day stands on the axis."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(LEFT + share * (RIGHT - LEFT), 1)


class Lanes:
    """Rows of labels above (side -1) and below (side 1) the axis; the nearest free one is taken."""

    def __init__(self) -> None:
        self.taken: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def place(self, left: float, right: float, side: int) -> tuple[int, int]:
        """Take the first lane with room for the stretch, trying the wanted side first; returns side and depth."""
        depth = 0
        while True:
            for lane in ((side, depth), (-side, depth)):
                if all(right + GAP <= a or left - GAP >= b for a, b in self.taken.get(lane, [])):
                    self.taken.setdefault(lane, []).append((left, right))
                    return lane
            depth += 1

    def depth(self, side: int) -> int:
        """Return how many lanes the side needs, one at least."""
        return max((depth + 1 for at, depth in self.taken if at == side), default=1)


def chart(marks: Sequence[Mark], today: date) -> Chart | None:
    """Return the chart of the dates with today among them, or None when there are none."""
    if not marks:
        return None
    scale = Scale([*(mark.on for mark in marks), today])
    lanes = Lanes()
    flag = _today(scale, today, lanes)
    audits = [mark for mark in sorted(marks, key=lambda mark: mark.on) if mark.kind != "internal"]
    placed = [(mark, *_room(scale, mark, lanes)) for mark in audits]
    axis = 26 + LANE * lanes.depth(-1)
    valid = _validity(scale, marks)
    return Chart(
        width=WIDTH,
        height=axis + 26 + LANE * lanes.depth(1),
        axis=axis,
        years=_years(scale),
        validity=valid,
        elapsed=_elapsed(scale, valid, marks, today),
        stops=tuple(_stop(scale, axis, mark, left, width, lane) for mark, left, width, lane in placed),
        diamonds=tuple(
            Diamond(_diamond(scale.x(mark.on), axis), mark.done) for mark in marks if mark.kind == "internal"
        ),
        today=flag,
    )


def short(day: date) -> str:
    """Write a day as the chart does; the year stands on the axis."""
    return f"{day.day} {day:%b}"


def _centred(x: float, width: float) -> float:
    return min(max(x - width / 2, 0), WIDTH - width)


def _today(scale: Scale, today: date, lanes: Lanes) -> Today:
    x = scale.x(today)
    left = _centred(x, FLAG_WIDTH)
    lanes.place(left, left + FLAG_WIDTH, 1)
    text = _("Today, %(day)s") % {"day": short(today)}
    return Today(x, round(left, 1), round(left + FLAG_WIDTH / 2, 1), text)


def _room(scale: Scale, mark: Mark, lanes: Lanes) -> tuple[float, float, tuple[int, int]]:
    width = max(len(mark.name), len(short(mark.on))) * CHARACTER
    left = _centred(scale.x(mark.on), width)
    return left, width, lanes.place(left, left + width, 1 if mark.kind in CERTIFICATE else -1)


def _stop(scale: Scale, axis: int, mark: Mark, left: float, width: float, lane: tuple[int, int]) -> Stop:
    side, depth = lane
    x = scale.x(mark.on)
    name_y = axis + 28 + LANE * depth if side > 0 else axis - 38 - LANE * depth
    leader = ""
    if depth:
        leader = f"M{x} {axis + side * 9}V{name_y - 12 if side > 0 else name_y + 20}"
    return Stop(
        name=mark.name,
        date=short(mark.on),
        done=mark.done,
        x=x,
        label_x=round(left + width / 2, 1),
        name_y=name_y,
        date_y=name_y + 15,
        width=width,
        path=f"M{x - 3.5:.1f} {axis - 8}h7l4.5 4.5v7l-4.5 4.5h-7l-4.5-4.5v-7z" if mark.kind in CERTIFICATE else "",
        tick=f"m{x - 3:.1f} {axis + 0.3:.1f} 2.2 2.2 3.8-4.3" if mark.done else "",
        leader=leader,
    )


def _diamond(x: float, axis: int) -> str:
    return f"M{x:.1f} {axis - 6}l6 6-6 6-6-6z"


def _years(scale: Scale) -> tuple[Year, ...]:
    step = 1
    firsts = [date(year, 1, 1) for year in range(scale.first.year + 1, scale.last.year + 1)]
    if len(firsts) > 1:
        step = int(YEAR_SPACING // (scale.x(firsts[1]) - scale.x(firsts[0]))) + 1
    years = [Year(str(day.year), scale.x(day), scale.x(day) + 6, has_line=True) for day in firsts[::step]]
    if not years or years[0].x > LEFT + YEAR_SPACING:
        years.insert(0, Year(str(scale.first.year), LEFT, LEFT, has_line=False))
    return tuple(years)


def _validity(scale: Scale, marks: Sequence[Mark]) -> Bar | None:
    issued = max((mark.on for mark in marks if mark.kind == "issued"), default=None)
    expires = max((mark.on for mark in marks if mark.kind == "expires"), default=None)
    if issued is None or expires is None or expires <= issued:
        return None
    return Bar(scale.x(issued), round(scale.x(expires) - scale.x(issued), 1))


def _elapsed(scale: Scale, valid: Bar | None, marks: Sequence[Mark], today: date) -> Bar | None:
    is_issued = any(mark.kind == "issued" and mark.done for mark in marks)
    if valid is None or not is_issued:
        return None
    width = min(scale.x(today) - valid.x, valid.width)
    return Bar(valid.x, round(width, 1)) if width > 0 else None
