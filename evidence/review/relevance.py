"""Whether a document is about a control: its telling words, weighed against those of every other control."""

import math
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Self

import yaml

from evidence.review.data import HOME, LANGUAGES, Expected, expected, rubric
from evidence.review.words import WHOLE, Text, Words, folded

TITLE, HEAD = 140, 600
MOST = 120_000  # letters that are looked at
WORD = re.compile(r"\w+")
TOPIC, SUBJECT, CONTENT = 2.0, 1.0, 0.25
FAINT, LITTLE = 5.0, 12.0  # weight below which nothing is said of a control, with and without a word of AI
OTHER, SIBLING, MINE = 0.18, 0.34, 0.5
PLACES, LEAST_SHARE = 4, 0.34


@dataclass(frozen=True, slots=True)
class Weighed:
    """How strongly a document speaks for one control."""

    total: float
    in_title: bool
    topic: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a text with how often they come, to be asked by their beginnings."""

    text: str
    words: tuple[str, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Count the words of a folded text."""
        found = sorted(Counter(WORD.findall(text)).items())
        return cls(text, tuple(word for word, _count in found), tuple(count for _word, count in found))

    def count(self, stem: str) -> int:
        """Return how often words come that begin so, or are so when it is short."""
        if len(stem) <= WHOLE:
            place = bisect_left(self.words, stem)
            return self.counts[place] if place < len(self.words) and self.words[place] == stem else 0
        total, place = 0, bisect_left(self.words, stem)
        while place < len(self.words) and self.words[place].startswith(stem):
            total += self.counts[place]
            place += 1
        return total

    def times(self, term: str) -> int:
        """Return how often a term of one or more words comes."""
        parts = _parts(term)
        if len(parts) == 1:
            return self.count(parts[0])
        if not all(self.count(part) for part in parts if "\\d" not in part):
            return 0
        return sum(1 for _found in _words(term).all_among(self.text))


def relevance_of(text: Text, wanted: Expected, share: float) -> int:
    """Return 0 for another world, 1 for another control, up to 5 for what treats this control's subject throughout."""
    language = text.document.language if text.document.language in LANGUAGES else "en"
    whole, title = Vocabulary.of(text.folded[:MOST]), Vocabulary.of(_title(text))
    weights = {code: _weigh(whole, title, code, language) for code in expected()}
    mine, best = weights[wanted.code], max(weight.total for weight in weights.values())
    is_ai = any(whole.times(term) for term in _spoken(rubric()["general_words"]["ai"], language))
    if mine.total < (FAINT if is_ai else LITTLE):
        return int(is_ai)
    rank = sum(weight.total > mine.total for weight in weights.values())
    points = _points(mine.total / best, rank, mine, share)
    return points if is_ai else min(points, 3)


def _points(ratio: float, rank: int, mine: Weighed, share: float) -> int:
    """Return the points by how much another control is spoken for: `ratio` to the strongest, place among all."""
    if ratio < OTHER:
        return 1
    if ratio < SIBLING:
        return 2 if rank < PLACES else 1
    points = 3 if ratio < MINE else 3 + (rank < PLACES) + (mine.in_title or mine.topic > 0)
    return min(5, points) - (share < LEAST_SHARE)


def _weigh(whole: Vocabulary, title: Vocabulary, code: str, language: str) -> Weighed:
    total, topic, in_title = 0.0, 0, False
    for term, weight, is_topic in _terms(code, language):
        times = whole.times(term)
        if not times:
            continue
        is_titled = title.times(term) > 0
        total += weight * (1 + math.log(min(times, 8)) + 1.5 * is_titled)
        topic += is_topic
        in_title |= is_titled and is_topic
    return Weighed(total, in_title, topic)


def _title(text: Text) -> str:
    lines = [line for line in text.folded[:HEAD].split("\n") if line.strip()]
    return "\n".join(lines[:2])[:TITLE]


@cache
def _subjects() -> dict[str, str]:
    return dict(yaml.safe_load((HOME / "subjects.yaml").read_text(encoding="utf-8")))


@cache
def _lines() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    rows = yaml.safe_load((HOME / "expected.yaml").read_text(encoding="utf-8"))
    return {code: (row["topic"], _subjects()[code], tuple(row["elements"].values())) for code, row in rows.items()}


@cache
def _terms(code: str, language: str) -> tuple[tuple[str, float, bool], ...]:
    """Return the terms of a control with their weights: the rarer among the controls, the heavier."""
    topic, subject, elements = _lines()[code]
    found: dict[str, tuple[float, bool]] = {}
    for line in elements:
        for term in _spoken(line, language):
            found[term] = (CONTENT * _rarity(term, language), False)
    for term in _spoken(subject, language):
        found[term] = (SUBJECT * _rarity(term, language), False)
    for term in _spoken(topic, language):
        found[term] = (TOPIC * max(1.0, _rarity(term, language)), True)
    return tuple((term, weight, is_topic) for term, (weight, is_topic) in found.items())


@cache
def _rarity(term: str, language: str) -> float:
    return math.log(len(_lines()) / max(1, _shared(language)[term]))


@cache
def _shared(language: str) -> Counter[str]:
    """Count in how many controls' words each term comes."""
    counted: Counter[str] = Counter()
    for topic, subject, elements in _lines().values():
        counted.update({term for line in (topic, subject, *elements) for term in _spoken(line, language)})
    return counted


@cache
def _spoken(line: str, language: str) -> tuple[str, ...]:
    return tuple(term.strip() for term in folded(line.split(" / ")[LANGUAGES.index(language)]).split("|"))


@cache
def _parts(term: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w\\]+", term.replace("&", " ")))


@cache
def _words(term: str) -> Words:
    return Words.of(term)
