"""Readiness by area: one block per control."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.paper.svg import GREY, INK, RULE, box, drawing, path, text

STEP, TALL, LEFT = 17, 9, 232
ROOM = 160


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One area with the state of each of its controls, and three counts."""

    code: str
    title: str
    blocks: tuple[str, ...]
    apply: int
    implemented: int
    proved: int


def block(kind: str, x: float, y: float, width: float = 15) -> list[SafeString]:
    """Draw one control: proved, unproved, nonconforming, partly, planned, excluded or undecided."""
    right = x + width
    match kind:
        case "excluded":
            return [path(f"M{x + 3} {y + 4.5}H{right - 3}", stroke=GREY, line=1.2)]
        case "planned":
            return [path(f"M{x} {y}H{right}V{y + TALL}H{x}Z", stroke=GREY, line=0.7, dashes="2 1.4")]
        case "undecided":
            return [text(x + width / 2, y + 7.4, "?", size=8, fill=GREY, anchor="middle")]
        case "partly":
            return [box(x, y, width, TALL, fill="#fff"), box(x, y + 4.5, width, 4.5, fill="#8e9096", line=0, round_=0)]
        case "unproved":
            return [box(x, y, width, TALL, fill="#c9c9c3")]
        case "nonconforming":
            cross = f"M{x + 4.5} {y + 2}l6 5M{x + 10.5} {y + 2}l-6 5"
            return [box(x, y, width, TALL, fill="#fff"), path(cross)]
        case _:
            return [box(x, y, width, TALL)]


def tally(rows: Sequence[TallyRow]) -> SafeString:
    """Draw the figure; wide areas get narrower blocks."""
    widest = max((len(row.blocks) for row in rows), default=1)
    step = min(17.0, ROOM / widest)
    parts = [
        text(x, 8, words, size=7.2, fill=GREY, anchor="end")
        for x, words in ((404, _("Apply")), (437, _("Impl.")), (470, _("Evid.")))
    ]
    for index, row in enumerate(rows):
        parts += _row(row, 19 + STEP * index, step)
    return drawing(470, 20 + STEP * len(rows), _("Controls per area by state"), parts)


def _row(row: TallyRow, y: float, step: float) -> list[SafeString]:
    base = y + 7.5
    parts = [
        path(f"M0 {y + 12.5}H470", stroke=RULE, line=0.4),
        text(0, base, row.code, size=8.2, fill=GREY),
        text(28, base, row.title, size=8.2),
    ]
    for index, kind in enumerate(row.blocks):
        parts += block(kind, LEFT + step * index, y, step - 2)
    counts = ((404, row.apply), (437, row.implemented), (470, row.proved))
    return parts + [text(x, base, str(count), size=8.2, fill=INK, anchor="end") for x, count in counts]


def key(kind: str, words: str) -> SafeString:
    """Draw one block for the legend; `words` is what a screen reader says."""
    return drawing(17, 11, words, block(kind, 1, 1), kind="key")


def bar(current: int, due: int, overdue: int) -> SafeString:
    """Draw how much evidence is current, due for renewal and overdue."""
    total = max(current + due + overdue, 1)
    parts, x = [], 0.4
    for count, fill in ((current, INK), (due, "#b9b9b3"), (overdue, "#fff")):
        width = 469.2 * count / total
        if count:
            parts.append(box(x, 0.5, max(width - 1, 1), 14, fill=fill, line=0.6, round_=1))
        x += width
    label = _("Evidence: %(c)s current, %(d)s with renewal due, %(o)s overdue") % {"c": current, "d": due, "o": overdue}
    return drawing(470, 15, label, parts)
