"""What the drawings are made of: shapes that carry a class on screen, and their colours too in PDF.

A PDF reads each SVG as a document of its own, without the style sheet around it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FONT = "Inter, Liberation Sans, DejaVu Sans, WenQuanYi Zen Hei, sans-serif"
Paint = Mapping[str, str | float]


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


PRINT = Palette()


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws for a page (no palette: the sheet colours by class) or for paper (every colour on its shape)."""

    palette: Palette | None = None

    @property
    def colours(self) -> Palette:
        """The palette, or the printed one where a colour is asked for and then left out."""
        return self.palette or PRINT

    def shape(
        self,
        tag: str,
        kind: str,
        inner: str | SafeString = "",
        *,
        paint: Paint | None = None,
        **given: str | float,
    ) -> SafeString:
        """Return an element of a class; `paint` is printed only where no sheet colours it."""
        attributes = given | (dict(paint or {}) if self.palette else {})
        told = format_html_join(
            "", ' {}="{}"', ((name.replace("_", "-"), _told(value)) for name, value in attributes.items())
        )
        return format_html('<{} class="{}"{}>{}</{}>', tag, kind, told, inner, tag)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        kind: str,
        *,
        size: float,
        anchor: str = "middle",
        fill: str = "",
        weight: int = 400,
        band: int = 0,
        transform: str = "",
    ) -> SafeString:
        """Return a line of words."""
        place: dict[str, str | float] = {"transform": transform} if transform else {"x": x, "y": y}
        rank: dict[str, str | float] = {"data_band": band} if band else {}
        paint: Paint = {
            "font_family": FONT,
            "font_size": size,
            "font_weight": weight,
            "fill": fill or self.colours.quiet,
        }
        return self.shape("text", kind, words, paint=paint, **rank, **place, text_anchor=anchor)

    def frame(self, kind: str, width: float, height: float, label: str, parts: Iterable[SafeString]) -> SafeString:
        """Return the drawing; `label` is what somebody hears who does not see it."""
        return format_html(
            '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
            kind,
            n(width),
            n(height),
            label,
            format_html_join("", "{}", ((part,) for part in parts)),
        )


def n(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _told(value: str | float) -> str:
    return value if isinstance(value, str) else n(value)
