"""Whether a title is in English, told by its words: enough to know which titles cannot be compared."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from soa.intake.words import fold, word_list

_FOREIGN_LETTER = re.compile(r"[ß-öø-ÿ]")
_WESTERN = re.compile(r"[A-Za-zÀ-ɏ]")
_SHORTEST_ENDING = 7  # letters: shorter words end in -ung or -ion by chance


@lru_cache(maxsize=20_000)
def is_foreign(text: str) -> bool:
    """Tell whether a title is not in English: more of its words are foreign than English, or few letters are Latin."""
    letters = [mark for mark in text if mark.isalpha()]
    if sum(not _WESTERN.match(mark) for mark in letters) * 2 > len(letters):
        return True
    words = fold(text).split()
    foreign = sum(any(_speaks(word, name) for name in _lists() if name != "english") for word in words)
    marked = sum(bool(_FOREIGN_LETTER.search(word)) for word in text.casefold().split())
    english = english_words(text)
    return max(foreign, marked) > english or (marked > 0 and foreign >= english)


@lru_cache(maxsize=20_000)
def english_words(text: str) -> int:
    """Count the words of a title that only English has."""
    lists = _lists()["english"]
    return sum(
        word in lists["little"] or word in lists["words"] for word in fold(text).split() if word not in lists["shared"]
    )


def is_demand(text: str) -> bool:
    """Tell the wording of a requirement from the name of a control."""
    demands = {str(word) for word in word_list("languages")["demands"]}
    return any(word in demands for word in fold(text).split())


def vague_words() -> frozenset[str]:
    """Return the words that a title gains or loses without becoming another."""
    return _folded(word_list("languages")["vague"])


@cache
def little_words() -> frozenset[str]:
    """Return the words that carry no meaning of their own in any language known here."""
    return frozenset().union(*(lists["little"] for lists in _lists().values()))


def is_word(word: str) -> bool:
    """Tell whether a folded word is a known English one, so that it is not taken for another word misspelt."""
    lists = _lists()["english"]
    return word in lists["little"] or word in lists["words"]


def _speaks(word: str, language: str) -> bool:
    english, lists = _lists()["english"], _lists()[language]
    if word in english["shared"] or word in english["little"] or word in english["words"]:
        return False
    if word in lists["little"] or word in lists["words"]:
        return True
    if len(word) < _SHORTEST_ENDING:
        return False
    return word.endswith(tuple(lists["endings"])) or any(part in word for part in lists.get("within", ()))


@cache
def _lists() -> Mapping[str, Mapping[str, frozenset[str]]]:
    loaded: Mapping[str, Any] = word_list("languages")
    return {
        name: {kind: _folded(words) for kind, words in lists.items()}
        for name, lists in loaded.items()
        if isinstance(lists, dict)
    }


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in words)
