"""Numbers as people read them, and series as small pictures: finished strings, drawn without a query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

THIN = "\u202f"


def figure(value: Decimal | float | None, unit: str = "") -> str:
    """Write a value for reading: 0.80, 12, 1 234 567, with its unit."""
    if value is None:
        return ""
    number = float(value)
    if number == int(number) or abs(number) >= 1_000:
        text = f"{number:,.0f}".replace(",", THIN)
    elif abs(number) < 0.001:
        text = f"{Decimal(f'{number:.3g}'):f}"
    else:
        text = f"{number:.3f}"
        text = text[:-1] if text.endswith("0") else text
    if not unit:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a series: its value, and its extremes."""

    on: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a picture and the room around its line."""

    width: float
    height: float
    edge: float


SPARK = Frame(132, 34, 3)
CHART = Frame(720, 180, 8)


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn: points in time between two days, limits, and words for who does not see it."""

    points: Sequence[Point]
    first: date
    last: date
    lower: float | None
    upper: float | None
    label: str
    is_out: bool

    def is_past(self, value: float) -> bool:
        """Whether a value is past a limit."""
        return (self.lower is not None and value < self.lower) or (self.upper is not None and value > self.upper)


def drawn(series: Series, frame: Frame = SPARK) -> SafeString:
    """Draw a series as SVG: its line, its limits dashed, and a dot on each day past a limit and on the last one."""
    if not series.points:
        return SafeString("")
    place = _placing(series, frame)
    spots = [(*place(point.on, point.value), point.value) for point in series.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _value in spots)
    limits = [place(series.first, limit)[1] for limit in (series.lower, series.upper) if limit is not None]
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{label}"{drift}>{limits}<polyline class="spark-line" points="{line}"/>{dots}</svg>',
        w=f"{frame.width:g}",
        h=f"{frame.height:g}",
        label=series.label,
        drift=SafeString(" data-drift") if series.is_out else "",
        limits=format_html_join(
            "", '<path class="spark-limit" d="M0 {}H{}"/>', ((f"{y:.1f}", f"{frame.width:g}") for y in limits)
        ),
        line=line,
        dots=_dots(series, spots),
    )


def _dots(series: Series, spots: Sequence[tuple[float, float, float]]) -> SafeString:
    out = [(f"{x:.1f}", f"{y:.1f}", "spark-out") for x, y, value in spots if series.is_past(value)]
    x, y, value = spots[-1]
    if not series.is_past(value):
        out.append((f"{x:.1f}", f"{y:.1f}", "spark-end"))
    return format_html_join("", '<circle cx="{}" cy="{}" r="2.2" class="{}"/>', out)


def _placing(series: Series, frame: Frame):  # type: ignore[no-untyped-def]
    values = [point.value for point in series.points]
    values += [limit for limit in (series.lower, series.upper) if limit is not None]
    least, most = min(values), max(values)
    room = (most - least) or abs(most) or 1.0
    days = max((series.last - series.first).days, 1)
    edge, width, height = frame.edge, frame.width - 2 * frame.edge, frame.height - 4 * frame.edge

    def place(on: date, value: float) -> tuple[float, float]:
        across = edge + width * (on - series.first).days / days
        return across, 2 * edge + height * (most - value) / room

    return place


def told(name: str, points: Sequence[Point], unit: str, limit: str) -> str:
    """Say in words what a picture of twelve weeks shows."""
    if not points:
        return _("%s: no readings in 12 weeks") % name
    first, last = points[0].value, points[-1].value
    words = {"name": name, "first": figure(first, unit), "last": figure(last, unit), "limit": limit}
    if abs(last - first) <= 0.02 * max(abs(first), abs(last)):
        said = _("%(name)s over 12 weeks, steady near %(last)s")
    elif last < first:
        said = _("%(name)s over 12 weeks, fell from %(first)s to %(last)s")
    else:
        said = _("%(name)s over 12 weeks, rose from %(first)s to %(last)s")
    return said % words + (f", {limit}" if limit else "")
