"""The map of a lineage as plain SVG: what stands in which column, and finished markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trace.lineage.layout import HEIGHT, WIDTH, Layout, Line, Place, Segment, laid_out

MOST = 8
GLYPHS = {"ok": "seal", "pending": "half", "gap": "warn", "past": "na"}


@dataclass(frozen=True, slots=True)
class Box:
    """One node of the map, in words that fit; `address` is the step of the trail that tells it in full."""

    key: str
    code: str
    title: str
    note: str
    hash: str
    state: str
    address: str


STATES = {
    "ok": gettext_lazy("in order"),
    "pending": gettext_lazy("not decided"),
    "gap": gettext_lazy("gap"),
    "past": gettext_lazy("replaced or ended"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column with its heading; of many boxes the first are drawn and the others counted."""

    heading: str
    boxes: tuple[Box, ...]
    step: str

    @property
    def shown(self) -> tuple[Box, ...]:
        """The boxes that are drawn, the last of which may stand for the rest."""
        if len(self.boxes) <= MOST:
            return self.boxes
        rest = len(self.boxes) - MOST + 1
        more = Box(f"more {self.step}", _("and %(n)s more") % {"n": rest}, "", "", "", "more", f"#{self.step}")
        return (*self.boxes[: MOST - 1], more)


def state_label(state: str) -> str:
    """Say a state in a word."""
    return str(STATES[state])


def lineage_map(columns: Sequence[Column], lines: Iterable[Line], *, label: str) -> SafeString:
    """Draw columns of boxes with the lines between those that are shown."""
    shown = {box.key: box for column in columns for box in column.shown}
    kept = [line for line in lines if line.start in shown and line.end in shown]
    layout = laid_out([[box.key for box in column.shown] for column in columns], kept)
    heads = [(column.heading, _n(index * (WIDTH + 29.6))) for index, column in enumerate(columns)]
    parts = [
        format_html_join("", '<text class="lineage-column" x="{1}" y="12">{0}</text>', heads),
        format_html_join("", "{}", ((_path(segment),) for segment in layout.segments)),
        format_html_join("", "{}", ((_box(box, layout.places[key]),) for key, box in shown.items())),
    ]
    return _svg(layout, len(columns), label, parts)


def _svg(layout: Layout, columns: int, label: str, parts: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg class="lineage-map" data-columns="{}" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        columns,
        _n(layout.width),
        _n(layout.height),
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _path(segment: Segment) -> SafeString:
    start, end = segment.start, segment.end
    middle = _n((start.x + end.x) / 2)
    way = "" if segment.is_lane else f"C{middle} {_n(start.y)} {middle} {_n(end.y)} "
    d = f"M{_n(start.x)} {_n(start.y)}{way or 'L'}{_n(end.x)} {_n(end.y)}"
    return format_html('<path class="lineage-edge" data-state="{}" d="{}"></path>', segment.state, d)


def _box(box: Box, place: Place) -> SafeString:
    x, top = place.x, place.y - HEIGHT / 2
    if box.state == "more":
        inner = _text("node-title", x + 10, place.y + 4, box.code)
    else:
        inner = format_html_join("", "{}", ((part,) for part in _inner(box, x, top)))
    return format_html(
        '<a class="lineage-node" data-state="{}" href="{}">'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="6"></rect>{}</a>',
        box.state,
        box.address,
        _n(x + 0.5),
        _n(top + 0.5),
        _n(WIDTH - 1),
        _n(HEIGHT - 1),
        inner,
    )


def _inner(box: Box, x: float, top: float) -> Iterable[SafeString]:
    yield format_html(
        '<svg class="glyph" x="{}" y="{}" width="13" height="13" role="img" aria-label="{}">'
        '<use href="{}#g-{}"></use></svg>',
        _n(x + 150),
        _n(top + 7),
        state_label(box.state),
        static("icons.svg"),
        GLYPHS[box.state],
    )
    yield _text("node-id", x + 10, top + 16, _fit(box.code, 18))
    if box.hash and len(box.code) <= 11:
        yield _text("node-hash", x + 144, top + 16, box.hash[:6], is_end=True)
    yield _text("node-title", x + 10, top + 32, _fit(box.title, 21))
    yield _text("node-note", x + 10, top + 46, _fit(box.note, 24))


def _text(kind: str, x: float, y: float, words: str, *, is_end: bool = False) -> SafeString:
    anchor = SafeString(' text-anchor="end"') if is_end else ""
    return format_html('<text class="{}" x="{}" y="{}"{}>{}</text>', kind, _n(x), _n(y), anchor, words)


def _fit(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip(' ,.')}…"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
