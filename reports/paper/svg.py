"""Small pieces of SVG, escaped, with fonts and colours set on the elements."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INK, GREY, RULE = "#15171b", "#5a5d64", "#c4c4be"
FACES = "Inter, Liberation Sans, DejaVu Sans, sans-serif"


def drawing(
    width: float, height: float, label: str, parts: Iterable[SafeString], *, top: float = 0, kind: str = "figure"
) -> SafeString:
    """Return a drawing that scales to its place; `label` is what a screen reader says."""
    return format_html(
        '<svg class="{}" viewBox="0 {} {} {}" role="img" aria-label="{}" font-family="{}">{}</svg>',
        kind,
        _plain(top),
        _plain(width),
        _plain(height),
        label,
        FACES,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def text(
    x: float, y: float, words: str, *, size: float = 8, fill: str = INK, anchor: str = "start", bold: bool = False
) -> SafeString:
    """Return a line of text."""
    weight = "600" if bold else "400"
    return format_html(
        '<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}" font-weight="{}">{}</text>',
        _plain(x),
        _plain(y),
        _plain(size),
        fill,
        anchor,
        weight,
        words,
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = INK,
    stroke: str = INK,
    line: float = 0.9,
    round_: float = 1.2,
) -> SafeString:
    """Return a rectangle."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        *(_plain(value) for value in (x, y, width, height, round_)),
        fill,
        stroke,
        _plain(line),
    )


def path(d: str, *, stroke: str = INK, line: float = 1, fill: str = "none", dashes: str = "none") -> SafeString:
    """Return a path."""
    return format_html(
        '<path d="{}" fill="{}" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>',
        d,
        fill,
        stroke,
        _plain(line),
        dashes,
    )


def circle(x: float, y: float, radius: float, *, fill: str = INK, stroke: str = INK, line: float = 1.1) -> SafeString:
    """Return a circle."""
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        *(_plain(value) for value in (x, y, radius)),
        fill,
        stroke,
        _plain(line),
    )


def _plain(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
