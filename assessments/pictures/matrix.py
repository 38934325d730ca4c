"""The 5x5 matrix as SVG: what stands where, from a ring before measures to a disc with those in place.

Pure: numbers in, markup out. Up to MOST impacts are drawn one by one with their numbers, more are counted by cell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, sqrt
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.pictures.grid import SIDE, Cell, Rank, centre, grid
from assessments.pictures.ink import Paint, Palette, Pen, n

MOST = 30
ARROWS = 12
WIDTHS = (1.25, 1.5, 2.0, 2.75, 3.5)
Flow = tuple[Cell | None, Cell | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One impact: its number, where it stood before measures and where it stands now (likelihood, severity)."""

    number: int
    before: Cell | None
    now: Cell | None


@dataclass(frozen=True, slots=True)
class Token:
    """A mark at a point, `radius` units wide, with a number in it."""

    number: int
    is_before: bool
    x: float
    y: float
    radius: float


def impact_matrix(moves: Sequence[Move], rank: Rank, *, palette: Palette | None = None) -> SafeString:
    """Draw where impacts stood before measures and where they stand now; `rank` gives a cell's band, 1 to 4."""
    if len(moves) > MOST:
        flows = Counter((move.before, move.now) for move in moves)
        return flow_matrix(flows, rank, label=_told(moves), palette=palette)
    pen = Pen(palette)
    tokens = _tokens(moves)
    used = {cell for move in moves for cell in (move.before, move.now) if cell}
    parts = [*grid(pen, rank, used), *_arrows(pen, moves, tokens)]
    parts += [_token(pen, token) for token in tokens.values()]
    return pen.frame("impact-matrix", SIDE, SIDE, _told(moves), parts)


def flow_matrix(
    flows: Mapping[Flow, int], rank: Rank, *, label: str = "", palette: Palette | None = None
) -> SafeString:
    """Draw how many stood in each cell before measures (ring) and stand there now (disc), with the largest moves."""
    pen = Pen(palette)
    before, now = (_counted(flows, side) for side in (0, 1))
    parts = [*grid(pen, rank, {*before, *now})]
    largest = sorted(
        ((flow, count) for flow, count in flows.items() if flow[0] and flow[1] and flow[0] != flow[1] and count),
        key=lambda item: (-item[1], item[0]),
    )[:ARROWS]
    most = largest[0][1] if largest else 1
    for (start, end), count in largest:
        parts += _arrow(pen, _counter(start, 0, is_before=True), _counter(end, 0, is_before=False), count / most)
    for counts, is_before in ((before, True), (now, False)):
        parts += [_token(pen, _counter(cell, count, is_before=is_before)) for cell, count in sorted(counts.items())]
    return pen.frame("impact-matrix", SIDE, SIDE, label or _counted_told(before, now), parts)


def count_matrix(counts: dict[Cell, int], rank: Rank, *, label: str, palette: Palette | None = None) -> SafeString:
    """Draw how many stand in each cell."""
    pen = Pen(palette)
    used = {cell for cell, count in counts.items() if count}
    parts = list(grid(pen, rank, used))
    for cell in sorted(used):
        x, y = centre(cell)
        ink = pen.colours.used[rank(*cell)][1]
        parts.append(
            pen.text(x, y + 8, str(counts[cell]), "cell-count", size=16, fill=ink, weight=600, band=rank(*cell))
        )
    return pen.frame("impact-matrix", SIDE, SIDE, label, parts)


def drawn_moves(flows: Mapping[Flow, int]) -> tuple[int, int]:
    """Return how many kinds of moves `flow_matrix` draws as arrows, and how many there are."""
    moved = sum(1 for (before, now), count in flows.items() if before and now and before != now and count)
    return min(moved, ARROWS), moved


def _told(moves: Sequence[Move]) -> str:
    worst_before = max((move.before[0] * move.before[1] for move in moves if move.before), default=None)
    worst_now = max((move.now[0] * move.now[1] for move in moves if move.now), default=None)
    if worst_before is None or worst_now is None:
        return _("Impacts by likelihood and severity; none is scored yet.")
    about = {"n": len(moves), "before": worst_before, "now": worst_now}
    told = ngettext(
        "%(n)s impact before measures and now. Highest score before: %(before)s. Now: %(now)s.",
        "%(n)s impacts before measures and now. Highest score before: %(before)s. Now: %(now)s.",
        len(moves),
    )
    return told % about


def _counted_told(before: Counter[Cell], now: Counter[Cell]) -> str:
    if not before and not now:
        return _("Impacts by likelihood and severity; none is scored yet.")
    about = {"n": sum(now.values()), "cells": len(now)}
    return _("%(n)s impacts stand in %(cells)s cells now; rings count those before measures.") % about


def _counted(flows: Mapping[Flow, int], side: int) -> Counter[Cell]:
    counts: Counter[Cell] = Counter()
    for flow, count in flows.items():
        cell = flow[side]
        if cell and count:
            counts[cell] += count
    return counts


def _counter(cell: Cell | None, count: int, *, is_before: bool) -> Token:
    x, y = centre(cell or (1, 1))
    return Token(count, is_before, x + 12, y + 1, 9.5) if is_before else Token(count, is_before, x - 12, y + 14, 9.5)


def _tokens(moves: Sequence[Move]) -> dict[tuple[int, bool], Token]:
    """Place every mark so that those in one cell stand side by side."""
    by_cell: dict[Cell, list[tuple[int, bool]]] = {}
    for move in moves:
        for cell, is_before in ((move.before, True), (move.now, False)):
            if cell:
                by_cell.setdefault(cell, []).append((move.number, is_before))
    placed = {}
    for cell, marks in by_cell.items():
        for mark, token in zip(marks, _spread(cell, marks), strict=True):
            placed[mark] = token
    return placed


def _spread(cell: Cell, marks: list[tuple[int, bool]]) -> Iterable[Token]:
    across = 1 if len(marks) == 1 else 2 if len(marks) <= 4 else 3 if len(marks) <= 9 else 4
    step = {1: 0.0, 2: 21.0, 3: 15.5, 4: 12.0}[across]
    radius = {1: 9.5, 2: 9.5, 3: 7.0, 4: 5.5}[across]
    down = -(-len(marks) // across)
    x, y = centre(cell)
    for index, (number, is_before) in enumerate(marks):
        row, column = divmod(index, across)
        in_row = min(across, len(marks) - row * across)
        yield Token(
            number,
            is_before,
            x + (column - (in_row - 1) / 2) * step,
            y + (row - (down - 1) / 2) * min(step, 44 / max(down, 1)),
            radius,
        )


def _token(pen: Pen, token: Token) -> SafeString:
    ring = token.is_before
    dashes = {"stroke_dasharray": "2.6 2"} if ring else {}
    paint: Paint = {
        "fill": pen.colours.paper if ring else pen.colours.ink,
        "stroke": pen.colours.ink if ring else pen.colours.paper,
        "stroke_width": 1.2,
        **dashes,
    }
    size = min(10, int(token.radius) + 1, int(2.9 * token.radius / len(str(token.number))))
    ink = pen.colours.ink if ring else pen.colours.paper
    circle = pen.shape("circle", "spot", paint=paint, cx=token.x, cy=token.y, r=token.radius)
    number = pen.text(
        token.x, token.y + size * 0.36, str(token.number), f"token-number size-{size}", size=size, fill=ink, weight=600
    )
    return pen.shape("g", "token", circle + number, data_kind="inherent" if ring else "residual")


def _arrows(pen: Pen, moves: Sequence[Move], tokens: dict[tuple[int, bool], Token]) -> Iterable[SafeString]:
    for move in moves:
        if move.before and move.now and move.before != move.now:
            yield from _arrow(pen, tokens[move.number, True], tokens[move.number, False])


def _arrow(pen: Pen, start: Token, end: Token, share: float = 0.0) -> tuple[SafeString, SafeString]:
    """Draw a line with a head, the wider the larger its share of the largest move."""
    dx, dy = end.x - start.x, end.y - start.y
    length = hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    weight = ceil(4 * sqrt(share))
    width = WIDTHS[weight]
    half = 2.4 + width / 2
    x1, y1 = start.x + ux * (start.radius + 1.5), start.y + uy * (start.radius + 1.5)
    x2, y2 = end.x - ux * (end.radius + 2), end.y - uy * (end.radius + 2)
    bx, by = x2 - ux * 2 * half, y2 - uy * 2 * half
    line = f"M{n(x1)} {n(y1)}L{n(bx)} {n(by)}"
    head = f"M{n(x2)} {n(y2)}L{n(bx - uy * half)} {n(by + ux * half)}L{n(bx + uy * half)} {n(by - ux * half)}z"
    given: dict[str, Any] = {"data_weight": weight} if weight else {}
    ink = pen.colours.ink
    return (
        pen.shape("path", "move", paint={"stroke": ink, "stroke_width": width, "fill": "none"}, d=line, **given),
        pen.shape("path", "move-head", paint={"fill": ink}, d=head),
    )
