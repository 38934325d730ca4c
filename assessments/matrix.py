"""The 5x5 matrix as SVG: classes on screen, colours as attributes in PDF, where each SVG is a document of its own.

Pure: numbers in, markup out. Severity runs up, likelihood to the right; a ring is before measures, a disc is now.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import hypot

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

LEFT, TOP, PITCH, SIZE = 35, 7, 52, 50
FONT = "Inter, Liberation Sans, DejaVu Sans, sans-serif"
Cell = tuple[int, int]
Rank = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Move:
    """One impact: its number, where it stood before measures and where it stands now (likelihood, severity)."""

    number: int
    before: Cell | None
    now: Cell | None


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours for a renderer without a style sheet: (fill, ink) by band rank, pale for cells that nothing stands in."""

    used: dict[int, tuple[str, str]] = field(
        default_factory=lambda: {
            1: ("#f3f3f0", "#3c4046"),
            2: ("#f1dca6", "#3f2b00"),
            3: ("#dd8f5c", "#2c0e00"),
            4: ("#8f1f17", "#ffffff"),
        }
    )
    pale: dict[int, tuple[str, str]] = field(
        default_factory=lambda: {
            1: ("#fafaf8", "#5a5d64"),
            2: ("#faf3df", "#5a4a1e"),
            3: ("#f5dfd0", "#5c3517"),
            4: ("#e3bfbb", "#521410"),
        }
    )
    ink: str = "#15171b"
    quiet: str = "#5a5d64"
    paper: str = "#ffffff"
    line: str = "#9a9a94"


@dataclass(frozen=True, slots=True)
class Token:
    """A numbered mark at a point, `radius` units wide."""

    number: int
    is_before: bool
    x: float
    y: float
    radius: float


def impact_matrix(moves: Sequence[Move], rank: Rank, *, palette: Palette | None = None) -> SafeString:
    """Draw where impacts stood before measures and where they stand now; `rank` gives a cell's band, 1 to 4."""
    tokens = _tokens(moves)
    used = {cell for move in moves for cell in (move.before, move.now) if cell}
    parts = [*_grid(rank, used, palette), *_arrows(moves, tokens, palette)]
    parts += [_token(token, palette) for token in tokens.values()]
    return _svg(parts, _told(moves))


def count_matrix(counts: dict[Cell, int], rank: Rank, *, label: str, palette: Palette | None = None) -> SafeString:
    """Draw how many stand in each cell."""
    used = {cell for cell, count in counts.items() if count}
    parts = list(_grid(rank, used, palette))
    for cell in sorted(used):
        x, y = _centre(cell)
        ink = palette.used[rank(*cell)][1] if palette else ""
        parts.append(_text(x, y + 6, str(counts[cell]), "cell-count", palette, size=16, fill=ink, weight=600))
    return _svg(parts, label)


def _svg(parts: Iterable[SafeString], label: str) -> SafeString:
    return format_html(
        '<svg class="impact-matrix" viewBox="0 0 300 300" role="img" aria-label="{}">{}</svg>',
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _told(moves: Sequence[Move]) -> str:
    worst_before = max((move.before[0] * move.before[1] for move in moves if move.before), default=None)
    worst_now = max((move.now[0] * move.now[1] for move in moves if move.now), default=None)
    if worst_before is None or worst_now is None:
        return _("Impacts by likelihood and severity; none is scored yet.")
    about = {"n": len(moves), "before": worst_before, "now": worst_now}
    return _("%(n)s impacts before measures and now. Highest score before: %(before)s. Now: %(now)s.") % about


def _centre(cell: Cell) -> tuple[float, float]:
    likelihood, severity = cell
    return LEFT + (likelihood - 1) * PITCH + SIZE / 2, TOP + (5 - severity) * PITCH + SIZE / 2


def _grid(rank: Rank, used: set[Cell], palette: Palette | None) -> Iterable[SafeString]:
    for severity in range(5, 0, -1):
        for likelihood in range(1, 6):
            yield _cell((likelihood, severity), rank(likelihood, severity), (likelihood, severity) in used, palette)
        y = _centre((1, severity))[1]
        yield _text(LEFT - 10, y + 4, str(severity), "tick", palette, size=11, anchor="end")
    for likelihood in range(1, 6):
        yield _text(_centre((likelihood, 1))[0], 281, str(likelihood), "tick", palette, size=11)
    yield _text(164, 296, _("Likelihood"), "axis-name", palette, size=11)
    yield _text(0, 0, _("Severity"), "axis-name", palette, size=11, transform="translate(9 136) rotate(-90)")


def _cell(cell: Cell, rank: int, is_used: bool, palette: Palette | None) -> SafeString:  # noqa: FBT001
    x, y = _centre(cell)
    score = str(cell[0] * cell[1])
    used = SafeString(' data-used=""') if is_used else ""
    fill, ink = (palette.used if is_used else palette.pale)[rank] if palette else ("", "")
    paint = format_html(' fill="{}" stroke="{}" stroke-width=".5"', fill, palette.line) if palette else ""
    square = format_html(
        '<rect class="cell" data-band="{}" x="{}" y="{}"{} width="{}" height="{}" rx="3"{}></rect>',
        rank,
        _n(x - SIZE / 2),
        _n(y - SIZE / 2),
        used,
        SIZE,
        SIZE,
        paint,
    )
    return square + _text(x + 20, y - 13, score, "cell-score", palette, size=9, fill=ink, anchor="end", band=rank)


def _text(
    x: float,
    y: float,
    words: str,
    kind: str,
    palette: Palette | None,
    *,
    size: float,
    anchor: str = "middle",
    fill: str = "",
    weight: int = 400,
    band: int = 0,
    transform: str = "",
) -> SafeString:
    place = format_html(' transform="{}"', transform) if transform else format_html(' x="{}" y="{}"', _n(x), _n(y))
    paint = (
        format_html(
            ' font-family="{}" font-size="{}" font-weight="{}" fill="{}"', FONT, _n(size), weight, fill or palette.quiet
        )
        if palette
        else ""
    )
    rank = format_html(' data-band="{}"', band) if band else ""
    return format_html('<text class="{}"{}{} text-anchor="{}"{}>{}</text>', kind, rank, place, anchor, paint, words)


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
    x, y = _centre(cell)
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


def _token(token: Token, palette: Palette | None) -> SafeString:
    ring, disc = token.is_before, not token.is_before
    paint: SafeString | str = ""
    ink = ""
    if palette:
        fill = palette.paper if ring else palette.ink
        ink = palette.ink if ring else palette.paper
        dash = SafeString(' stroke-dasharray="2.6 2"') if ring else ""
        stroke = palette.paper if disc else palette.ink
        paint = format_html(' fill="{}" stroke="{}" stroke-width="1.2"{}', fill, stroke, dash)
    size = 10 if token.radius > 9 else token.radius + 1
    return format_html(
        '<g class="token" data-kind="{}"><circle cx="{}" cy="{}" r="{}"{}></circle>{}</g>',
        "inherent" if ring else "residual",
        _n(token.x),
        _n(token.y),
        _n(token.radius),
        paint,
        _text(
            token.x, token.y + size * 0.36, str(token.number), "token-number", palette, size=size, fill=ink, weight=600
        ),
    )


def _arrows(
    moves: Sequence[Move], tokens: dict[tuple[int, bool], Token], palette: Palette | None
) -> Iterable[SafeString]:
    for move in moves:
        if move.before and move.now and move.before != move.now:
            yield _arrow(tokens[move.number, True], tokens[move.number, False], palette)


def _arrow(start: Token, end: Token, palette: Palette | None) -> SafeString:
    dx, dy = end.x - start.x, end.y - start.y
    length = hypot(dx, dy)
    ux, uy = dx / length, dy / length
    x1, y1 = start.x + ux * (start.radius + 1.5), start.y + uy * (start.radius + 1.5)
    x2, y2 = end.x - ux * (end.radius + 2), end.y - uy * (end.radius + 2)
    bx, by = x2 - ux * 6, y2 - uy * 6
    line = f"M{_n(x1)} {_n(y1)}L{_n(bx)} {_n(by)}"
    head = f"M{_n(x2)} {_n(y2)}L{_n(bx - uy * 3)} {_n(by + ux * 3)}L{_n(bx + uy * 3)} {_n(by - ux * 3)}z"
    stroke = format_html(' stroke="{}" stroke-width="1.25" fill="none"', palette.ink) if palette else ""
    fill = format_html(' fill="{}"', palette.ink) if palette else ""
    return format_html(
        '<path class="move" d="{}"{}></path><path class="move-head" d="{}"{}></path>', line, stroke, head, fill
    )


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
