"""What the register knows already: answers taken from a system's record, each with where it stands there."""

from collections.abc import Iterator
from typing import Any

from assessments.sections.questions import QUESTIONS, Place, Question
from systems.models import AiSystem
from systems.record.places import at

NAMES = ("name", "role", "base_model", "audience", "party")


def prefilled(system: AiSystem) -> Iterator[tuple[Question, str]]:
    """Yield the questions that the record answers, with the answer as text."""
    for question in QUESTIONS:
        lines = [line for place in question.places for line in _lines(system.record, place)]
        if lines:
            yield question, "\n".join(lines)


def _lines(record: dict[str, Any], place: Place) -> list[str]:
    found = at(record, *place)
    label = place[-1].replace("_", " ")
    if isinstance(found, list):
        rows = [_row(item) for item in found]
        return [f"{_capital(label)}: {'; '.join(row for row in rows if row)}"] if any(rows) else []
    told = _row(found)
    return [f"{_capital(label)}: {told}"] if told else []


def _row(item: Any) -> str:
    """Print a value of a record in one line; a row begins with its name."""
    if not isinstance(item, dict):
        return _word(item)
    name = next((str(item[key]) for key in NAMES if item.get(key)), "")
    rest = [(key, _word(value)) for key, value in item.items() if key not in NAMES]
    told = ", ".join(f"{key.replace('_', ' ')} {word}" for key, word in rest if word)
    return f"{name} ({told})" if name and told else name or told


def _word(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_word(item) for item in value if not isinstance(item, dict))
    return str(value).strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
