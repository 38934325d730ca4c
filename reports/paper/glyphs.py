"""The marks of the report, drawn with their colours on the elements: each inline SVG is a document of its own."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

INK = "#15171b"
SHAPES = {
    "done": (
        '<circle cx="7" cy="7" r="6"/><path fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round" '
        'stroke-linejoin="round" d="m4.3 7.2 1.9 1.9 3.6-4"/>'
    ),
    "half": (
        '<circle cx="7" cy="7" r="5.2" fill="none" stroke="#15171b" stroke-width="1.6"/>'
        '<path d="M7 3.6a3.4 3.4 0 0 1 0 6.8z"/>'
    ),
    "none": (
        '<circle cx="7" cy="7" r="5.2" fill="none" stroke="#15171b" stroke-width="1.5" stroke-dasharray="2.1 1.98"/>'
    ),
    "na": (
        '<circle cx="7" cy="7" r="5.2" fill="none" stroke="#15171b" stroke-width="1.5"/>'
        '<path fill="none" stroke="#15171b" stroke-width="1.5" d="m3.4 10.6 7.2-7.2"/>'
    ),
    "open": (
        '<circle cx="7" cy="7" r="5.2" fill="none" stroke="#15171b" stroke-width="1"/>'
        '<path fill="none" stroke="#15171b" stroke-width="1.4" stroke-linecap="round" '
        'd="M5.4 5.6a1.7 1.7 0 1 1 1.8 2v.7M7.1 10.2v.1"/>'
    ),
    "minor": (
        '<path fill="none" stroke="#15171b" stroke-width="1.6" stroke-linejoin="round" d="M7 1.9 12.6 11.8H1.4z"/>'
    ),
}


def _drawn(inner: str) -> SafeString:
    frame = '<svg class="glyph" viewBox="0 0 14 14" fill="{}" aria-hidden="true">{}</svg>'
    return format_html(frame, INK, mark_safe(inner))  # noqa: S308  (the shapes above, nothing else)


GLYPHS = {name: _drawn(inner) for name, inner in SHAPES.items()}
