"""What a header means and what a word in a column means, from a list of words beside this file."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from systems.record.reading import read

FILE = Path(__file__).with_name("words.yaml")
SHORT = 5
NAMING = frozenset(("name", "id", "identifier", "number", "bezeichnung", "nom"))


@dataclass(frozen=True, slots=True)
class Guess:
    """The place a header fills; the lower the rank, the surer."""

    place: str
    rank: tuple[int, int]


@cache
def _words() -> dict[str, Any]:
    return read(FILE.read_bytes()).record


@cache
def normal(said: str) -> str:
    """Return words in small letters without accents and signs, so that headers and cells can be compared."""
    plain = unicodedata.normalize("NFKD", said.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


@cache
def _names() -> tuple[tuple[str, str, int], ...]:
    rows = [
        (normal(name), place, rank) for place, names in _words()["places"].items() for rank, name in enumerate(names)
    ]
    return tuple(sorted(rows, key=lambda row: -row[0].count(" ")))


@cache
def guessed(header: str) -> Guess | None:
    """Return the place that a header most likely names: by its whole words, or by words that stand in it."""
    said = normal(header)
    exact = [Guess(place, (0, rank)) for name, place, rank in _names() if name == said]
    if exact:
        return min(exact, key=lambda guess: guess.rank)
    around, is_short = f" {said} ", said.count(" ") < SHORT
    for name, place, rank in _names():
        if f" {name} " in around and _counts(name, place, is_short=is_short):
            return Guess(place, (1 if " " in name else 2, rank))
    return None


def _counts(name: str, place: str, *, is_short: bool) -> bool:
    """Tell whether words that only stand in a header name its place: ids and names are asked for in so many words."""
    if place in ("id", "name"):
        return is_short and not NAMING.isdisjoint(name.split()) and " " in name
    return is_short or " " in name


@cache
def meanings(place: str) -> dict[str, str | None]:
    """Return what words in a column of this place mean; None for those that say nothing a record could hold."""
    found = _words()["values"].get(place, {})
    return {normal(word): (None if value == "null" else value) for value, words in found.items() for word in words}


def is_unsaid(cell: str) -> bool:
    """Tell whether a cell only says that nothing is said."""
    return not normal(cell) or normal(cell) in _unsaid()


@cache
def _unsaid() -> frozenset[str]:
    return frozenset(normal(word) for word in _words()["unsaid"])
