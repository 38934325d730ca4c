"""One form for the spellings of an English title: British and American, plural and verb, slips of the finger."""

import re
from functools import lru_cache

from soa.intake.words import fold, singular

_SAME = {
    "organisation": "organization", "organisational": "organizational", "programme": "program",
    "behaviour": "behavior", "licence": "license", "catalogue": "catalog", "centre": "center", "artefact": "artifact",
    "judgement": "judgment", "societies": "societal", "society": "societal", "social": "societal",
    "dev": "development", "ops": "operation", "doc": "documentation", "docs": "documentation", "mgmt": "management",
    "mgt": "management", "reqs": "requirement", "req": "requirement", "spec": "specification", "sys": "system",
    "assmt": "assessment", "info": "information", "org": "organization", "comms": "communication", "3rd": "third",
    "resp": "responsibility", "monitor": "monitoring", "roll": "role", "costumer": "customer",
}  # fmt: skip
_PHRASES = (
    (re.compile(r"\bv ?(?:&|and|n)? ?v\b"), "verification and validation"),
    (re.compile(r"\b(?:a i|artificial intelligence)\b"), "ai"),
    (re.compile(r"\blife ?cycle\b"), "life cycle"),
    (re.compile(r"\b3 ?rd\b"), "third"),
)
_BRITISH = re.compile(r"is(?=(?:e[drs]?|ing|ations?)$)")
_ENDINGS = ("ating", "ation", "ment", "ing", "ion", "al", "ed")
_SHORTEST_STEM = 4
_BRIEF = 6  # letters up to which -ise and -ie belong to the word
_LONG, _VERY_LONG = 5, 9  # letters from which one slip, and two, leave a word recognisable


@lru_cache(maxsize=20_000)
def words_of(title: str) -> tuple[str, ...]:
    """Return the words of a title in their one spelling, in order, little words among them."""
    text = fold(title.replace("&", " and "))
    for pattern, meaning in _PHRASES:
        text = pattern.sub(meaning, text)
    return tuple(_one_spelling(word) for word in text.split())


def spellings(title: str) -> list[tuple[str, str]]:
    """Return the words of a title as they stand, each with its one spelling."""
    return [(word, _one_spelling(word)) for word in fold(title).split()]


def run_together(title: str) -> str:
    """Return the letters of a title alone, so that hyphens and missing spaces do not count."""
    return "".join(word for word in words_of(title) if word not in ("the", "a", "an"))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what `documenting`, `documented` and `documentation` share."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            bare = word[: -len(ending)]
            return stem(bare[:-1] if bare[-1] == bare[-2] and bare[-1] in "gnpt" else bare)
    return word


@lru_cache(maxsize=100_000)
def is_slip(written: str, meant: str) -> bool:
    """Tell a misspelling: one slip in a word of five letters, two in one of nine when it begins the same."""
    shorter = min(len(written), len(meant))
    if shorter < _LONG - 1 or max(len(written), len(meant)) < _LONG or abs(len(written) - len(meant)) > 2:
        return False
    begins_alike = written[0] == meant[0]
    if not begins_alike and shorter < _LONG + 2:
        return False
    allowed = 2 if shorter >= _VERY_LONG and begins_alike else 1
    return _slips(written, meant, allowed) <= allowed


def _one_spelling(word: str) -> str:
    word = _SAME.get(word, word)
    single = singular(_BRITISH.sub("iz", word) if len(word) > _BRIEF else word)
    single = f"{single[:-2]}y" if single.endswith("ie") and len(single) > _BRIEF - 1 else single
    return _SAME.get(single, single)


def _slips(one: str, other: str, most: int) -> int:
    """Count the letters to add, drop, change or swap with a neighbour; beyond `most` the count is not exact."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for col, wanted in enumerate(other, start=1):
            cost = min(before[col] + 1, row[col - 1] + 1, before[col - 1] + (letter != wanted))
            if at > 1 and col > 1 and letter == other[col - 2] and one[at - 2] == wanted:
                cost = min(cost, older[col - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
