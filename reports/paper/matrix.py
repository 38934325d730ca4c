"""The 5x5 matrix: how many impacts lie where, and how single ones moved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.paper.bands import Bands, shade
from reports.paper.svg import GREY, INK, box, circle, drawing, path, text

CELL, LEFT, TOP = 46, 26.0, 4.0
STRONG = {1: "#f3f3f0", 2: "#f1dca6", 3: "#dd8f5c", 4: "#8f1f17"}
PALE = {1: "#fafaf8", 2: "#faf3df", 3: "#f5dfd0", 4: "#e3bfbb"}
SPOTS = ((0, 0), (-1, -1), (1, 1), (1, -1), (-1, 1), (0, -1), (0, 1), (-1, 0), (1, 0))

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Move:
    """One impact: its number, its cell before measures and its cell with those in place (likelihood, severity)."""

    number: int
    before: Cell
    now: Cell


def counted(cells: Sequence[Cell], bands: Bands, label: str) -> SafeString:
    """Draw how many impacts lie in each cell."""
    counts = Counter(cells)
    parts = _grid(bands, set(counts))
    for (likelihood, severity), count in sorted(counts.items()):
        x, y = _middle((likelihood, severity))
        fill = "#ffffff" if shade(bands.of(likelihood, severity)) == 4 else INK
        parts.append(text(x, y + 5, str(count), size=14, fill=fill, anchor="middle", bold=True))
    return drawing(258, 262, label, parts)


def moved(moves: Sequence[Move], bands: Bands, label: str) -> SafeString:
    """Draw each impact before measures (ring) and with those in place (disc), joined by a line."""
    parts = _grid(bands, {cell for move in moves for cell in (move.before, move.now)})
    taken: Counter[Cell] = Counter()
    marks: list[SafeString] = []
    for move in moves:
        start = _spot(move.before, taken)
        end = _spot(move.now, taken) if move.now != move.before else start
        if start != end:
            parts.append(path(f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}", line=0.9))
            marks += _disc(start, move.number, fill="#ffffff", ink=INK)
        marks += _disc(end, move.number, fill=INK, ink="#ffffff")
    return drawing(258, 262, label, [*parts, *marks])


def _grid(bands: Bands, strong: set[Cell]) -> list[SafeString]:
    parts = []
    for severity in range(5, 0, -1):
        for likelihood in range(1, 6):
            parts += _cell(bands, likelihood, severity, is_strong=(likelihood, severity) in strong)
        parts.append(text(20, _middle((1, severity))[1] + 3, str(severity), fill=GREY, anchor="end"))
    parts += [text(_middle((n, 1))[0], 245, str(n), fill=GREY, anchor="middle") for n in range(1, 6)]
    side = text(0, 0, _("Severity"), fill=GREY, anchor="middle")
    turned = side.replace("<text ", '<text transform="translate(7 119) rotate(-90)" ', 1)
    return [*parts, text(141, 257, _("Likelihood"), fill=GREY, anchor="middle"), type(side)(turned)]


def _cell(bands: Bands, likelihood: int, severity: int, *, is_strong: bool) -> list[SafeString]:
    level = shade(bands.of(likelihood, severity))
    x, y = LEFT + CELL * (likelihood - 1), TOP + CELL * (5 - severity)
    fill = (STRONG if is_strong else PALE)[level]
    ink = "#ffffff" if is_strong and level == 4 else "#3c4046"
    edge = INK if level == 4 else "#9a9a94"
    square = box(x + 0.7, y + 0.7, CELL - 1.4, CELL - 1.4, fill=fill, stroke=edge, line=0.4, round_=2)
    return [square, text(x + 42, y + 10, str(likelihood * severity), size=6.5, fill=ink, anchor="end")]


def _middle(cell: Cell) -> tuple[float, float]:
    likelihood, severity = cell
    return LEFT + CELL * (likelihood - 0.5), TOP + CELL * (5.5 - severity)


def _spot(cell: Cell, taken: Counter[Cell]) -> tuple[float, float]:
    across, down = SPOTS[taken[cell] % len(SPOTS)]
    taken[cell] += 1
    x, y = _middle(cell)
    return x + 13 * across, y + 13 * down


def _disc(spot: tuple[float, float], number: int, *, fill: str, ink: str) -> list[SafeString]:
    x, y = spot
    return [circle(x, y, 6.6, fill=fill), text(x, y + 2.6, str(number), size=7.4, fill=ink, anchor="middle", bold=True)]
