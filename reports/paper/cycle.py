"""The certification cycle on one line of time."""

from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.paper.meta import CycleDate
from reports.paper.svg import GREY, INK, RULE, circle, drawing, path, text

LINE, LEFT, RIGHT = 34, 20.0, 446.0
LANES = (12, 50, -8, 70)
LETTER = 4.0


def cycle(dates: tuple[CycleDate, ...], today: date) -> SafeString:
    """Draw the dates and where this report stands among them."""
    days = [item.on for item in dates] + [today]
    first, last = min(days), max(max(days), min(days) + timedelta(days=90))
    span = (last - first).days

    def place(on: date) -> float:
        return LEFT + (RIGHT - LEFT) * (on - first).days / span

    used = dict.fromkeys(LANES, -100.0)
    marks = [part for item in sorted(dates, key=lambda item: item.on) for part in _mark(item, place(item.on), used)]
    top = -18 if used[-8] > 0 else 0
    low = 100 if used[70] > 0 else 82
    years = [
        part
        for year in range(first.year + 1, last.year + 1)
        for part in (
            path(f"M{place(date(year, 1, 1)):.1f} 4V{low - 8}", stroke=RULE, line=0.5),
            text(place(date(year, 1, 1)) + 3, low - 2, str(year), size=7, fill=GREY),
        )
    ]
    x = place(today)
    now = [path(f"M{x:.1f} 27V{low - 16}", line=1), _now(x, low - 12, today)]
    line = [path(f"M4 {LINE}H466", stroke=RULE)]
    return drawing(470, low - top, _("Certification cycle"), [*years, *line, *now, *marks], top=top)


def _now(x: float, y: float, today: date) -> SafeString:
    words = _("This report, %(day)s") % {"day": f"{today.day} {today:%b}"}
    near_edge = x > 380
    return text(x - 3 if near_edge else x + 3, y, words, size=7, anchor="end" if near_edge else "start")


def _mark(item: CycleDate, x: float, used: dict[int, float]) -> list[SafeString]:
    half = max(len(item.label) * LETTER / 2, 22)
    middle = min(max(x, half), 470 - half)
    order = (50, 70, 12, -8) if item.is_certificate else (12, -8, 50, 70)
    lane = next((lane for lane in order if used[lane] < middle - half), order[-1])
    used[lane] = middle + half + 3
    fill = INK if item.is_held else "#fff"
    octagon = f"M{x - 2:.1f} 29h4l3 3v4l-3 3h-4l-3-3v-4z"
    shape = path(octagon, fill=fill, line=1.1) if item.is_certificate else circle(x, LINE, 4.2, fill=fill)
    stem = path(f"M{x:.1f} {LINE - 5}V4", stroke=RULE, line=0.5) if lane == -8 else None
    when = f"{item.on.day} {item.on:%b %Y}"
    words = [
        text(middle, lane, item.label, size=7.2, anchor="middle", bold=True),
        text(middle, lane + 9, when, size=6.6, fill=GREY, anchor="middle"),
    ]
    return [*([stem] if stem else []), shape, *words]
