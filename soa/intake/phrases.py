"""How well a phrase fits the names of things: shared words, weighed by how much each tells one name from the others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from soa.intake.languages import is_word, little_words, vague_words
from soa.intake.spelling import is_slip, spellings, stem, words_of

_VAGUE_WEIGHT = 0.35  # of a word that a shortened or dressed-up title adds or drops
_SLIP_WORTH = 0.95


@dataclass(frozen=True, slots=True)
class Fit:
    """How much of a phrase a name explains, and how much of the name the phrase holds; each from 0 to 1."""

    precision: float = 0.0
    recall: float = 0.0

    @property
    def score(self) -> float:
        """One number for ranking names."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a phrase: the stems it may stand for, what a match is worth, and its weight without one."""

    stems: tuple[str, ...]
    worth: float
    weight: float


class Names:
    """The names by which things are known, several to a thing, in one language."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        known = [(code, telling_words(name)) for code, several in names.items() for name in several if name]
        firsts = dict(reversed(known))
        spread = Counter(one for words in firsts.values() for one in {stem(word) for word in words})
        self._weights = {one: 1 / sqrt(count) for one, count in spread.items()}
        self._spellings = {word: stem(word) for _, words in known for word in words}
        spelt = [pair for several in names.values() for name in several for pair in spellings(name)]
        self._spellings |= {plural: stem(word) for plural, word in spelt if stem(word) in self._spellings.values()}
        self._stems = [(code, frozenset(stem(word) for word in words)) for code, words in known]
        self._held = [sum(map(self._weight, stems)) for _, stems in self._stems]
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for at, (_, stems) in enumerate(self._stems):
            for one in sorted(stems):
                self._holders[one].append(at)
        self._word = lru_cache(maxsize=20_000)(self._look_up)
        self._fits = lru_cache(maxsize=2_000)(self._fit_all)

    def fit(self, phrase: str, code: str) -> Fit:
        """Return how well a phrase fits the best of the names of one thing."""
        return self._fits(phrase).get(code, Fit())

    def best_other(self, phrase: str, code: str) -> tuple[str, Fit]:
        """Return the other thing that a phrase fits best, first in order among equals."""
        others = ((other, fit) for other, fit in self._fits(phrase).items() if other != code)
        return max(others, key=lambda pair: pair[1].score, default=("", Fit()))

    def _fit_all(self, phrase: str) -> dict[str, Fit]:
        words = [self._word(word) for word in telling_words(phrase)]
        asked = sum(word.weight for word in words)
        touched = sorted({at for word in words for one in word.stems for at in self._holders.get(one, ())})
        fits: dict[str, Fit] = {}
        for at in touched:
            code, fit = self._stems[at][0], self._fit(words, asked, at)
            if code not in fits or fit.score > fits[code].score:
                fits[code] = fit
        return fits

    def _fit(self, words: list[_Word], asked: float, at: int) -> Fit:
        left, matched = set(self._stems[at][1]), 0.0
        for word in words:
            hit = next((one for one in word.stems if one in left), None)
            if hit is not None:
                left.discard(hit)
                matched += self._weight(hit) * word.worth
                asked += self._weight(hit) - word.weight
        return Fit(min(matched / asked, 1.0) if asked else 0.0, min(matched / self._held[at], 1.0))

    def _look_up(self, word: str) -> _Word:
        """Find a word among those of the names: by its stem, else as a slip of the finger for one."""
        own = stem(word)
        if own in self._holders or is_word(word):
            return _Word((own,), 1.0, self._weight(own))
        tries = (word, f"{word}s", word.removesuffix("e"))  # a slip near the end may have passed for a plural
        slips = dict.fromkeys(
            meant for spelling, meant in self._spellings.items() if any(is_slip(one, spelling) for one in tries)
        )
        return _Word(tuple(slips), _SLIP_WORTH, self._weight(own))

    def _weight(self, one: str) -> float:
        known = self._weights.get(one, 1.0)
        return min(known, _VAGUE_WEIGHT) if one in _vague_stems() else known


@lru_cache(maxsize=20_000)
def telling_words(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase that say something, each once; the little ones where there are no others."""
    words = dict.fromkeys(words_of(phrase))
    return tuple(word for word in words if word not in little_words()) or tuple(words)


@lru_cache(maxsize=1)
def _vague_stems() -> frozenset[str]:
    return frozenset(map(stem, vague_words()))
