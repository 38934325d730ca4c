"""Which way a text is written, told to the layout engine: paper knows no `dir="auto"`."""

import unicodedata

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
RIGHT_TO_LEFT = frozenset({"R", "AL"})


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is Hebrew, Arabic or the like; digits and signs have none."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in RIGHT_TO_LEFT:
            return True
    return False


@register.filter
def direction(text: object) -> SafeString:
    """Return the attribute for an element that holds this text: `<td{{ text|direction }}>`; ours reads as the page."""
    is_turned = not hasattr(text, "__html__") and is_right_to_left(str(text))
    return mark_safe(' dir="rtl"') if is_turned else mark_safe("")


@register.filter
def paragraphs(text: str) -> list[str]:
    """Return the lines of a text, each of which is written its own way."""
    return [line for line in text.splitlines() if line.strip()]
