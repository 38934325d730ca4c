"""Spellings brought to one form, and the word lists of `fixtures/intake` in that form."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "intake"
_SPOKEN = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "№": "no", "º": "o", "°": "o"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_SHORT = 200  # characters: longer texts are seldom seen twice, and a cache would hold them
_APART = re.compile(r"[^\w#%]+|_")


def fold(text: str) -> str:
    """Return the words of a text in lower case without accents or punctuation, single spaces between them."""
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFC", text).casefold().translate(_SPOKEN).translate(_UMLAUTS)
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return _APART.sub(" ", bare).strip()


_fold_short = lru_cache(maxsize=20_000)(_fold)


def singular(word: str) -> str:
    """Return a word without its plural, well enough that both spellings of one word meet."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


@lru_cache(maxsize=10_000)
def key(text: str) -> tuple[str, ...]:
    """Return what two spellings of a heading share: its words but little ones, without plural, in sorted order."""
    words = fold(text).split()
    telling = [singular(word) for word in words if word not in _little()]
    return tuple(sorted(telling or words))


@cache
def _little() -> frozenset[str]:
    return frozenset(str(word) for word in word_list("columns")["little"])


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """Load a word list by its name; it is data of this program, so a fault in it is a fault of the program."""
    loaded: Mapping[str, Any] = YAML(typ="safe").load(FIXTURES / f"{name}.yaml")
    return loaded


def meanings(lists: Mapping[Any, Iterable[Any]]) -> dict[str, str]:
    """Turn lists of words by meaning into meanings by folded word; the first meaning of a word stands."""
    found: dict[str, str] = {}
    for meaning, words in lists.items():
        for word in words:
            found.setdefault(fold(str(word)), str(meaning))
    return found
