"""One system on one line: from its worst level before measures to the worst now and the target, on a scale of 1 to 25.

Finished strings: a page holds fifty of them and a report thousands, and every value in them is a number.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.pictures.grid import band_names
from assessments.pictures.ink import PRINT, Paint, Palette, Pen, n

WIDTH, HEIGHT, EDGE = 150, 16, 8
HIGHEST = 25
BARS, ROW, LABEL = 420, 34, 60


def span(before: int | None, now: int | None, target: int | None = None, *, is_printed: bool = False) -> SafeString:
    """Draw scores (1 to 25): a ring before measures, a disc now, an open diamond as target; hidden from readers.

    The same numbers stand beside it in words.
    """
    paint = _PRINTED if is_printed else _SHOWN
    middle = HEIGHT / 2
    parts = [f'<path class="span-scale" d="M{EDGE} {n(middle)}H{WIDTH - EDGE}"{paint["scale"]}/>']
    if before and now and before != now:
        parts.append(f'<path class="span-move" d="M{_x(before)} {n(middle)}H{_x(now)}"{paint["move"]}/>')
    if target:
        x = _x(target)
        parts.append(f'<path class="span-target" d="M{x} 3l5 5-5 5-5-5z"{paint["target"]}/>')
    if before:
        parts.append(f'<circle class="span-before" cx="{_x(before)}" cy="8" r="4.5"{paint["before"]}/>')
    if now:
        parts.append(f'<circle class="span-now" cx="{_x(now)}" cy="8" r="4.5"{paint["now"]}/>')
    shapes = "".join(parts)
    return mark_safe(  # noqa: S308  (numbers and the words above, nothing else)
        f'<svg class="span" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f"{shapes}</svg>"
    )


_SHOWN = dict.fromkeys(("scale", "move", "target", "before", "now"), "")
_PRINTED = {
    "scale": f' stroke="{PRINT.line}" stroke-width=".6" fill="none"',
    "move": f' stroke="{PRINT.ink}" stroke-width="1.6" fill="none"',
    "target": f' stroke="{PRINT.ink}" stroke-width="1" fill="{PRINT.paper}"',
    "before": f' stroke="{PRINT.ink}" stroke-width="1.2" stroke-dasharray="2.2 1.6" fill="{PRINT.paper}"',
    "now": f' stroke="{PRINT.paper}" stroke-width=".8" fill="{PRINT.ink}"',
}


def _x(score: int) -> str:
    return n(EDGE + (score - 1) * (WIDTH - 2 * EDGE) / (HIGHEST - 1))


def band_bars(rows: Sequence[tuple[str, Sequence[int]]], *, label: str, palette: Palette | None = None) -> SafeString:
    """Draw a bar for each row (its name; counts by band, the lowest first, then those not judged), with numbers."""
    pen = Pen(palette)
    parts: list[SafeString] = []
    for index, (name, counts) in enumerate(rows):
        y = index * ROW
        parts.append(pen.text(0, y + 19, name, "bar-name", size=11, anchor="start", fill=pen.colours.ink))
        parts += _bar(pen, y, counts)
    return pen.frame("band-bars", BARS, len(rows) * ROW, label, parts)


def _bar(pen: Pen, y: float, counts: Sequence[int]) -> list[SafeString]:
    total = sum(counts) or 1
    room = BARS - LABEL
    names = (*band_names(), _("Not judged"))
    x = float(LABEL)
    parts: list[SafeString] = []
    for place, (name, count) in enumerate(zip(names, counts, strict=True), 1):
        if not count:
            continue
        wide = room * count / total
        rank = place if place <= 4 else 0
        parts.append(_piece(pen, x, y, wide, rank))
        parts += _number(pen, x, y, wide, count, name, rank)
        x += wide
    return parts


def _piece(pen: Pen, x: float, y: float, wide: float, rank: int) -> SafeString:
    fill = pen.colours.used[rank][0] if rank else pen.colours.paper
    dashes: dict[str, str] = {} if rank else {"stroke_dasharray": "3 2"}
    paint: Paint = {"fill": fill, "stroke": pen.colours.ink, "stroke_width": 0.7, **dashes}
    return pen.shape(
        "rect", "bar", paint=paint, data_band=rank, x=x + 0.5, y=y + 3, width=max(wide - 1, 0.5), height=ROW - 10, rx=2
    )


def _number(pen: Pen, x: float, y: float, wide: float, count: int, name: str, rank: int) -> list[SafeString]:
    words = f"{count} {name}"
    if wide < 6.2 * len(words) + 6:
        words = str(count)
    if wide < 7 * len(words) + 2:
        return []
    ink = pen.colours.used[rank][1] if rank else pen.colours.ink
    return [pen.text(x + wide / 2, y + 19, words, "bar-count", size=11, fill=ink, weight=600, band=rank)]
