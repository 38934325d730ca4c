"""What is looked at in a document: its pieces, what some of them mean, its words, and the terms that stand in it."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from evidence.matching.chunks import Chunk, chunks_of, sampled
from evidence.matching.embedding import Array, embed
from evidence.matching.glossing import glossed
from evidence.matching.profiles import Row, profiles
from evidence.matching.words import LANGUAGES, fold, hits, tokens
from evidence.reading.language import language_of

MOST_PIECES = 24
HEAD = 300
MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as the matcher sees it; `vectors[i]` is the meaning of `chunks[i]`, `head` that of its beginning."""

    chunks: tuple[Chunk, ...]
    vectors: Array
    head: Array
    words: Counter[str]
    terms: Array
    kinds: Array
    language: str

    @property
    def mean(self) -> Array:
        """The meaning of the whole, of length 1."""
        found = self.vectors.mean(0)
        return np.asarray(found / max(float(np.linalg.norm(found)), 1e-9), np.float32)


def see(text: str, language: str = "", *, most: int = MOST_PIECES) -> Seen | None:
    """Look at a text; nothing when there are no words in it."""
    text = text[:MOST_TEXT]
    pieces = chunks_of(text)
    if not pieces:
        return None
    language = language or language_of(text)
    language = language if language in LANGUAGES else "en"
    english = [glossed(text[piece.start : piece.end], language) for piece in pieces]
    words = [Counter(tokens(one)) for one in english]
    known = _known()
    richness = [sum(count for word, count in piece.items() if word in known) for piece in words]
    chosen = sampled(len(pieces), richness, most)
    head = glossed(text[:HEAD], language)
    vectors = embed([*(english[index] for index in chosen), head])
    folded = fold(text)
    return Seen(
        tuple(pieces[index] for index in chosen),
        vectors[:-1],
        vectors[-1],
        sum(words, Counter()),
        _found(folded, [row for profile in profiles() for row in profile.terms], language),
        _found(folded[:HEAD], [row for profile in profiles() for row in profile.kinds], language),
        language,
    )


def _found(folded: str, rows: list[Row], language: str) -> Array:
    """Return how often each row stands in the text, in its language or in English."""
    counts = np.array(hits(folded, [row.words[language] for row in rows], language), np.float32)
    if language != "en":
        counts = np.maximum(counts, np.array(hits(folded, [row.words["en"] for row in rows], "en"), np.float32))
    return np.minimum(counts, 5)


_KNOWN: set[str] = set()


def _known() -> set[str]:
    if not _KNOWN:
        for profile in profiles():
            for row in (*profile.terms, *profile.kinds):
                _KNOWN.update(tokens(row.words["en"]))
    return _KNOWN
