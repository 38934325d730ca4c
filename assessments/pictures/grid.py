"""The ground of every matrix: 25 cells with their scores; band by initial and border as well as by shade."""

from collections.abc import Callable, Collection, Iterator, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aims.vocabulary import Band
from assessments.pictures.ink import Pen

LEFT, TOP, PITCH, SIZE = 35, 7, 52, 50
SIDE = 300
SCALE = range(1, 6)
Cell = tuple[int, int]
Rank = Callable[[int, int], int]


def centre(cell: Cell) -> tuple[float, float]:
    """Return the middle of a cell (likelihood, severity): likelihood runs to the right, severity up."""
    likelihood, severity = cell
    return LEFT + (likelihood - 1) * PITCH + SIZE / 2, TOP + (5 - severity) * PITCH + SIZE / 2


def band_names() -> tuple[str, ...]:
    """Return the bands in words, the lowest first."""
    return tuple(str(band.label) for band in Band)


def initials(names: Sequence[str]) -> tuple[str, ...]:
    """Return the shortest beginnings that tell names apart: L, M, H, S."""
    longest = max(map(len, names), default=0)
    for length in range(1, longest + 1):
        short = tuple(name[:length] for name in names)
        if len(set(short)) == len(set(names)):
            return short
    return tuple(names)


def grid(pen: Pen, rank: Rank, used: Collection[Cell]) -> Iterator[SafeString]:
    """Draw the cells, the border between bands, and the axes; `used` cells are full, the others pale."""
    marks = initials(band_names())
    for severity in reversed(SCALE):
        for likelihood in SCALE:
            band = rank(likelihood, severity)
            yield from _cell(pen, (likelihood, severity), band, marks[band - 1], (likelihood, severity) in used)
    yield from _borders(pen, rank)
    for step in SCALE:
        yield pen.text(LEFT - 10, centre((1, step))[1] + 4, str(step), "tick", size=11, anchor="end")
        yield pen.text(centre((step, 1))[0], 281, str(step), "tick", size=11)
    yield pen.text(164, 296, _("Likelihood"), "axis-name", size=11)
    yield pen.text(0, 0, _("Severity"), "axis-name", size=11, transform="translate(9 136) rotate(-90)")


def _cell(pen: Pen, cell: Cell, rank: int, mark: str, is_used: bool) -> Iterator[SafeString]:  # noqa: FBT001
    x, y = centre(cell)
    fill, ink = (pen.colours.used if is_used else pen.colours.pale)[rank]
    state: dict[str, str] = {"data_used": ""} if is_used else {}
    full: dict[str, str] = {"data_full": ""} if is_used else {}
    yield pen.shape(
        "rect",
        "cell",
        paint={"fill": fill, "stroke": pen.colours.line, "stroke_width": 0.5},
        data_band=rank,
        x=x - SIZE / 2,
        y=y - SIZE / 2,
        **state,
        width=SIZE,
        height=SIZE,
        rx=3,
    )
    for at, anchor, words in ((x + 20, "end", str(cell[0] * cell[1])), (x - 20, "start", mark)):
        yield pen.shape(
            "text",
            "cell-score",
            words,
            paint={"font_family": "sans-serif", "font_size": 9, "fill": ink},
            data_band=rank,
            **full,
            x=at,
            y=y - 13,
            text_anchor=anchor,
        )


def _borders(pen: Pen, rank: Rank) -> Iterator[SafeString]:
    """Draw the stairs between bands, so that they are told apart on any printer."""
    lines = []
    for likelihood in SCALE:
        for severity in SCALE:
            here = rank(likelihood, severity)
            x, y = centre((likelihood, severity))
            if likelihood < 5 and rank(likelihood + 1, severity) != here:
                lines.append(f"M{x + PITCH / 2:g} {y - PITCH / 2:g}v{PITCH}")
            if severity < 5 and rank(likelihood, severity + 1) != here:
                lines.append(f"M{x - PITCH / 2:g} {y - PITCH / 2:g}h{PITCH}")
    if lines:
        yield pen.shape(
            "path", "edge", paint={"stroke": pen.colours.ink, "stroke_width": 1.5, "fill": "none"}, d="".join(lines)
        )
