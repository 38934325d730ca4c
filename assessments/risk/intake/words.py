"""The words of risk registers, from the list beside this file."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from systems.record.reading import read
from systems.registers.guessing import normal

FILE = Path(__file__).with_name("words.yaml")
COLOUR_MARKS = "🟢🟩🟡🟨🟠🟧🔴🟥"


@cache
def _data() -> dict[str, Any]:
    return read(FILE.read_bytes()).record


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list, in their plain form."""
    return frozenset(normal(str(word)) or str(word) for word in _data()[name])


@cache
def stage_words(stage: str) -> frozenset[str]:
    """Return the words that place a column before or after treatment, or at the target."""
    return frozenset(map(normal, _data()["stages"][stage]))


@cache
def meanings(name: str) -> dict[str, str]:
    """Return what each word of a list of lists stands for."""
    return {normal(str(word)) or str(word): str(value) for value, found in _data()[name].items() for word in found}


@cache
def said(cell: str) -> str:
    """Return the words of a cell in their plain form, or nothing where it only says that nothing is said."""
    plain = normal(cell) or "".join(mark for mark in cell if mark in COLOUR_MARKS)
    return "" if plain in words("unsaid") or not plain.strip("_ ") else plain


@cache
def ranks_of(cell: str) -> frozenset[int]:
    """Return the ranks (1 to 4) of the level words in a cell: several for “Medium to high”."""
    found = _found(normal(re.sub(r"[0-9]+", " ", cell)), meanings("levels"))
    if not found:
        marks = {meanings("colours")[mark] for mark in COLOUR_MARKS if mark in cell}
        found = _found(normal(cell), meanings("colours")) | marks
    return frozenset(int(rank) for value in found for rank in value)


def _found(plain: str, known: dict[str, str]) -> set[str]:
    """Find the longest known phrases in a text, each word used once."""
    parts, found = plain.split(), set()
    at = 0
    while at < len(parts):
        for length in (2, 1):
            phrase = " ".join(parts[at : at + length])
            if phrase in known and (length == 2 or len(phrase) > 1 or len(parts) == 1):
                found.add(known[phrase])
                at += length - 1
                break
        at += 1
    return found
