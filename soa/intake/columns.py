"""What a column holds, by its heading: the many names in `fixtures/intake/columns.yaml`."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from soa.intake.words import fold, key, word_list

LONGEST_HEADING = 120  # characters
_EXACT, _UNBRACKETED, _PART, _WEAK, _TYPO = 1.0, 0.95, 0.85, 0.7, 0.6
_WITHIN = 0.5  # of the words of a heading must be the name, for the heading to be taken by what it holds
_ALIKE = 0.88
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}")
_APART = re.compile(r"\s*[/|\n:]\s*|\s[-\u2013\u2014]\s")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A field that a heading may stand for, and how surely, from 0 to 1."""

    score: float
    field: str


@lru_cache(maxsize=20_000)
def exact_fields(heading: str) -> tuple[str, ...]:
    """Return the fields that a heading names outright, surest first; cheap enough to ask of every cell."""
    return tuple(match.field for match in _outright(heading))


def is_name(heading: str) -> bool:
    """Tell whether a heading in full is a column's name, not only a part of it."""
    return len(heading) <= LONGEST_HEADING and key(heading) in _names()[0]


@lru_cache(maxsize=2_000)
def matches(heading: str) -> tuple[Match, ...]:
    """Return every field that a heading may stand for, also by the words within it and with slips, surest first."""
    found = {match.field: match.score for match in _outright(heading)}
    for match in [] if found else [*_within(heading), *_alike(heading)]:
        found[match.field] = max(match.score, found.get(match.field, 0.0))
    return tuple(sorted((Match(score, field) for field, score in found.items()), key=lambda match: -match.score))


@lru_cache(maxsize=2_000)
def cannot_be_id(heading: str) -> bool:
    """Tell a heading over ids that are not the row's own: related controls, other standards, areas."""
    words = set(key(heading))
    return any(set(key(str(name))) <= words for name in word_list("columns")["not_the_id"])


def _outright(heading: str) -> list[Match]:
    strong, weak = _names()
    found: dict[str, float] = {}
    for variant, worth in _variants(heading):
        for field in strong.get(key(variant), ()):
            found.setdefault(field, worth)
        for field in weak.get(key(variant), ()):
            found.setdefault(field, worth * _WEAK)
    return [Match(score, field) for field, score in sorted(found.items(), key=lambda pair: -pair[1])]


def _variants(heading: str) -> list[tuple[str, float]]:
    """Return a heading in full, without what stands in brackets, and in the parts of a bilingual one."""
    heading = _CAMEL.sub(" ", heading).replace("%", " percent ") if heading.strip() != "%" else heading
    if not heading.strip() or len(heading) > LONGEST_HEADING:
        return []
    bare = _BRACKETS.sub(" ", heading)
    parts = [(part, _PART) for part in _APART.split(bare) if part.strip()]
    return [(heading, _EXACT), *([(bare, _UNBRACKETED)] if bare.strip() else []), *(parts if len(parts) > 1 else [])]


def _within(heading: str) -> list[Match]:
    words = set(key(_BRACKETS.sub(" ", heading)))
    if not words or len(heading) > LONGEST_HEADING or words & _never_within():
        return []
    found: dict[str, float] = {}
    for name, fields in _names()[0].items():
        share = len(name) / len(words)
        if share >= _WITHIN and set(name) <= words:
            for field in fields:
                found[field] = max(found.get(field, 0.0), _WITHIN + 0.3 * share)
    return [Match(score, field) for field, score in found.items()]


def _alike(heading: str) -> list[Match]:
    asked = " ".join(key(_BRACKETS.sub(" ", heading)))
    if len(asked) < 6 or len(heading) > LONGEST_HEADING or set(asked.split()) & _never_within():
        return []
    close = SequenceMatcher(b=asked, autojunk=False)
    found: set[str] = set()
    for name, fields in _names()[0].items():
        close.set_seq1(" ".join(name))
        if close.real_quick_ratio() >= _ALIKE and close.quick_ratio() >= _ALIKE and close.ratio() >= _ALIKE:
            found.update(fields)
    return [Match(_TYPO, field) for field in sorted(found)]


@cache
def _names() -> tuple[dict[Key, list[str]], dict[Key, list[str]]]:
    strong: dict[Key, list[str]] = {}
    weak: dict[Key, list[str]] = {}
    for field, languages in word_list("columns").items():
        for language, names in languages.items() if isinstance(languages, dict) else ():
            for name in names:
                fields = (weak if language == "weak" else strong).setdefault(key(str(name)), [])
                fields.extend([field] if field not in fields else [])
    return strong, weak


@cache
def _never_within() -> frozenset[str]:
    return frozenset(word for name in word_list("columns")["never_within"] for word in fold(str(name)).split())
