"""Words as they are compared: without case and accents, by their stems, and in which of four languages."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

LANGUAGES = ("en", "de", "fr", "es")
WORD = re.compile(r"[a-z0-9]+")
SMALL = frozenset(
    ("the", "and", "for", "with", "that", "are", "not", "was", "were", "has", "from", "this", "which", "they", "you")
)


def fold(text: str) -> str:
    """Return the text in lower case and without accents; `ß` becomes `ss`."""
    lowered = text.lower().replace("ß", "ss").replace("œ", "oe")
    return "".join(one for one in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(one))


def tokens(text: str) -> list[str]:
    """Return the words of a text that says something, folded and stemmed."""
    return [stem(word) for word in WORD.findall(fold(text)) if len(word) > 2 and word not in SMALL]


def stem(word: str) -> str:
    """Cut the endings that most often differ between forms of a word."""
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@cache
def term_pattern(term: str, language: str) -> re.Pattern[str]:
    """Return what finds a term in a folded text, whatever its endings; German compounds may have it inside."""
    parts = [re.escape(_short(word)) + r"[a-z0-9]*" for word in WORD.findall(fold(term))]
    start = r"" if language == "de" and len(parts) == 1 and len(fold(term)) > 6 else r"(?<![a-z0-9])"
    return re.compile(start + r"[^a-z0-9]+".join(parts))


def _short(word: str) -> str:
    return word if len(word) <= 5 else word[: max(5, len(word) - 2)]


def hits(folded: str, terms: Iterable[str], language: str) -> list[int]:
    """Return how often each term stands in a folded text, up to 5 times."""
    return [_count(folded, term, language) for term in terms]


def _count(folded: str, term: str, language: str) -> int:
    first = _first(term)
    if first not in folded:
        return 0
    return sum(1 for _one, _found in zip(range(5), term_pattern(term, language).finditer(folded), strict=False))


@cache
def _first(term: str) -> str:
    found = WORD.findall(fold(term))
    return _short(found[0]) if found else "\0"
