"""The words of a record as people read them; a word that nobody knows is shown as it is written."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from aims.days import short_day
from aims.vocabulary import AiRole
from systems.models import Stage
from systems.record.places import stage_of
from systems.record.reading import Path

_KNOWN = {
    "pii": later("Personal data"),
    "special": later("Special categories of personal data"),
    "llm": later("Language model"),
    "llm-rag": later("Language model with retrieval"),
    "annex-i": later("Annex I"),
    "annex-iii": later("Annex III"),
    "exception-6-3": later("Exception of Art. 6(3)"),
}


def word(value: str, path: Path = ()) -> str:
    """Return a word of a vocabulary in words: `decides-alone` as Decides alone."""
    if path[-1:] == ("stage",):
        return _staged(value)
    if path[-1:] == ("roles",) and value in AiRole.values:
        return str(AiRole(value).label)
    if value in _KNOWN:
        return str(_KNOWN[value])
    is_plain = value.replace("-", "").isalpha() and value.islower() and len(value) > 1
    return value.replace("-", " ").capitalize() if is_plain else value


def _staged(value: str) -> str:
    stage = stage_of(value)
    return str(Stage(stage).label) if stage in Stage.values else value


def flag(value: bool) -> str:  # noqa: FBT001
    """Return yes or no."""
    return _("Yes") if value else _("No")


def dated(value: str) -> str:
    """Return a date in words, or the text as it is written."""
    try:
        day = parse_date(value)
    except ValueError:
        day = None
    return short_day(day) if day else value


def plainly(value: Any) -> str:
    """Return what is no text in as few words as can be."""
    if isinstance(value, bool):
        return flag(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plainly(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(plainly(inner) for inner in value)
    return "" if value is None else str(value)
