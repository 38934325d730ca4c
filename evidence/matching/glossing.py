"""Bring a German, French or Spanish text near to English, word by word, for a model that reads English only."""

import re
from functools import cache

from evidence.matching.profiles import glossary, profiles
from evidence.matching.words import WORD, fold, term_pattern


def glossed(text: str, language: str) -> str:
    """Return the English of the terms that are known, in their order; texts in English are left as they are."""
    if language == "en":
        return text
    folded, found = fold(text), []
    taken = bytearray(len(folded))
    for pattern, first, english in _dictionary(language):
        if first not in folded:
            continue
        for one in pattern.finditer(folded):
            if not any(taken[one.start() : one.end()]):
                taken[one.start() : one.end()] = b"\1" * (one.end() - one.start())
                found.append((one.start(), english))
    found += [
        (one.start(), one.group()) for one in WORD.finditer(folded) if not taken[one.start()] and _keeps(one.group())
    ]
    return " ".join(english for _start, english in sorted(found))


def _keeps(word: str) -> bool:
    return word.isdigit() or len(word) > 3


@cache
def _dictionary(language: str) -> list[tuple[re.Pattern[str], str, str]]:
    rows = [row for profile in profiles() for row in (*profile.terms, *profile.kinds)] + list(glossary())
    pairs = {row.words[language]: row.words["en"] for row in rows}
    longest = sorted(pairs.items(), key=lambda pair: -len(pair[0]))
    return [(term_pattern(term, language), _beginning(term), english) for term, english in longest]


def _beginning(term: str) -> str:
    word = WORD.findall(fold(term))[0]
    return str(word[:4])
