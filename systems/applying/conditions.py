"""When a fact of a record counts: conditions that only look for what is said, so that more facts never undo one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from systems.record.reading import Path

NAMES = ("name", "party", "audience", "role")
SHOWN = 3
_NOTHING = re.compile(r"(none\b.*|no|nil|n/?a|unknown|tbd|-+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """Places of which one must say something: one of some words, or anything that is no way to say nothing."""

    places: tuple[Path, ...]
    words: frozenset[Any] | None = None
    unless: frozenset[Any] = frozenset()

    def found(self, record: Mapping[str, Any]) -> list[str]:
        """Return what was found, in words: empty when the condition does not hold."""
        return [said for place in self.places for value, said in said_at(record, place) if said and self._counts(value)]

    def _counts(self, value: Any) -> bool:
        word = value.strip().casefold() if isinstance(value, str) else value
        if isinstance(value, dict | list):
            return self.words is None
        if self.words is not None:
            return word in self.words and type(word) in {type(one) for one in self.words}
        return word not in self.unless and not (isinstance(word, str) and _NOTHING.fullmatch(word))


def read_condition(told: Mapping[str, Any]) -> Condition:
    """Read a condition of a data file: `at`, and perhaps `is` and `unless`."""
    at = told["at"] if isinstance(told["at"], list) else [told["at"]]
    words = frozenset(map(_folded, told["is"])) if "is" in told else None
    return Condition(
        tuple(tuple(place.split(".")) for place in at), words, frozenset(map(_folded, told.get("unless", ())))
    )


def _folded(word: Any) -> Any:
    return word.casefold() if isinstance(word, str) else word


def all_found(conditions: Iterable[Condition], record: Mapping[str, Any]) -> str | None:
    """Return in words what made the first of the conditions hold, or None unless all of them do."""
    first: str | None = None
    for condition in conditions:
        found = condition.found(record)
        if not found:
            return None
        first = listed(found) if first is None else first
    return first


def listed(names: Iterable[str]) -> str:
    """Name a few, and count the rest."""
    unique = list(dict.fromkeys(names))
    shown, rest = unique[:SHOWN], len(unique) - SHOWN
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def said_at(record: Any, place: Path, name: str = "") -> Iterator[tuple[Any, str]]:
    """Go through what is said at a place, in every row of the lists on the way, each with how it is named."""
    if isinstance(record, list):
        for row in record:
            yield from said_at(row, place, _name_of(row) or name)
    elif not place:
        if not is_empty(record):
            yield record, _words_of(record, name)
    elif isinstance(record, dict):
        yield from said_at(record.get(str(place[0])), place[1:], name)


def is_empty(value: Any) -> bool:
    """Whether nothing is said: no is an answer, and so is zero."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _name_of(row: Any) -> str:
    if not isinstance(row, dict):
        return ""
    return next((str(row[name]).strip() for name in NAMES if isinstance(row.get(name), str) and row[name].strip()), "")


def _words_of(value: Any, name: str) -> str:
    if isinstance(value, dict):
        return name or _name_of(value) or _model_of(value) or "-"
    if name and not isinstance(value, bool):
        return name
    return name or ("yes" if value is True else "no" if value is False else str(value).strip())


def _model_of(value: dict[str, Any]) -> str:
    return next((str(value[key]) for key in ("base_model", "contact", "type") if not is_empty(value.get(key))), "")
