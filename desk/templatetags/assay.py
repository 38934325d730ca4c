"""Tags of every template: icons, glyphs, dates and record numbers as the design writes them."""

from datetime import date, datetime
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TONE_GLYPHS = {"success": "done", "ok": "done", "error": "bad", "bad": "bad", "warning": "warn", "warn": "warn"}


@cache
def _sprite() -> str:
    return static("icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a 16 px icon of the sprite, hidden from screen readers: words stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>', _sprite(), name)


@register.simple_tag
def glyph(name: str) -> SafeString:
    """Draw a status glyph, hidden from screen readers: words stand beside it."""
    return format_html('<svg class="glyph" aria-hidden="true"><use href="{}#g-{}"></use></svg>', _sprite(), name)


@register.filter
def tone_glyph(tags: str) -> str:
    """Return the glyph that goes with a message's tone."""
    return next((TONE_GLYPHS[tag] for tag in (tags or "").split() if tag in TONE_GLYPHS), "half")


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a date as tables do: 18 Jun 2026."""
    return f"{value.day} {value:%b %Y}" if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Write a date as prose does: 18 June 2026."""
    return f"{value.day} {value:%B %Y}" if value else ""


@register.filter
def record_number(value: int | None) -> str:
    """Write a record number with thin spaces: #12 481."""
    return f"#{value:,}".replace(",", "\u202f") if value else ""


@register.filter
def slug(code: str) -> str:
    """Write a control's id as an element id: a-6-2-4."""
    return code.lower().replace(".", "-")
