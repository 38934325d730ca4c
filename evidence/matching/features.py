"""What speaks for each control, as numbers: one row a control, one column a feature."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from evidence.matching.embedding import Array
from evidence.matching.seen import Seen

NAMES = (
    "best piece", "best three pieces", "whole", "head", "discriminant of whole", "best discriminant of a piece",
    "terms", "kinds", "words of profile", "words of examples",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that documents are held against, as arrays; `of_*` say to which controls (columns) a row belongs."""

    about: Array  # sentences of profiles
    of_about: Array  # rows x controls
    kinds: Array  # controls: the kinds of documents in one sentence
    plane: Array  # 385 x controls: what tells controls apart
    term_weights: Array  # rows of terms: how rare each is
    of_terms: Array
    of_kinds: Array
    rarity: dict[str, float]
    profile_words: Array  # words x controls, each column of length 1
    example_words: Array
    index: dict[str, int]


def features(seen: Seen, known: Known) -> Array:
    """Return the features of a document for every control."""
    to_about = _best_of(seen.vectors @ known.about.T, known.of_about)
    whole = seen.mean
    planes = np.c_[seen.vectors, np.ones(len(seen.vectors), np.float32)] @ known.plane
    counts = np.log1p(seen.terms) * known.term_weights
    words = _words(seen.words, known)
    return np.stack(
        [
            to_about.max(0),
            np.sort(to_about, axis=0)[-3:].mean(0),
            _mean_of(whole @ known.about.T, known.of_about),
            seen.head @ known.kinds.T,
            planes.mean(0),
            planes.max(0),
            counts @ known.of_terms,
            np.minimum(seen.kinds, 1) @ known.of_kinds,
            words @ known.profile_words,
            words @ known.example_words,
        ],
        axis=1,
    ).astype(np.float32)


def scaled(found: Array) -> Array:
    """Return each feature relative to the other controls of the same document."""
    return np.asarray((found - found.mean(0)) / (found.std(0) + 1e-6), np.float32)


def general(seen: Seen, found: Array, known: Known) -> Array:
    """Return what tells whether a document is about such things at all."""
    top = np.sort(found, axis=0)[::-1]
    count = max(1.0, float(sum(seen.words.values())))
    terms = seen.terms * known.term_weights
    inside = sum(number for word, number in seen.words.items() if word in known.index) / count
    return np.array(
        [
            top[0, 0], top[:3, 0].mean(), top[0, 2], top[0, 3], top[0, 4] - top[1:4, 4].mean(), top[0, 5],
            np.log1p(top[0, 6]), np.log1p(float((terms > 0).sum())) - 0.4 * np.log1p(count), top[0, 8], top[0, 9],
            inside, float(found[:, 0].mean()),
        ],
        np.float32,
    )  # fmt: skip


def piece_scores(seen: Seen, known: Known) -> Array:
    """Return how well each piece (row) speaks for each control (column), to choose the passage that is shown."""
    planes = np.c_[seen.vectors, np.ones(len(seen.vectors), np.float32)] @ known.plane
    return np.asarray(_best_of(seen.vectors @ known.about.T, known.of_about) + planes, np.float32)


def _words(words: Counter[str], known: Known) -> Array:
    row = np.zeros(len(known.index), np.float32)
    for word, count in words.items():
        if word in known.index:
            row[known.index[word]] = (1 + np.log(count)) * known.rarity[word]
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-9), np.float32)


def _best_of(cosines: Array, owners: Array) -> Array:
    """Return rows x controls: the largest cosine to a row that belongs to the control."""
    found = np.full((len(cosines), owners.shape[1]), -1.0, np.float32)
    for control in range(owners.shape[1]):
        mine = owners[:, control] > 0
        if mine.any():
            found[:, control] = cosines[:, mine].max(1)
    return found


def _mean_of(cosines: Array, owners: Array) -> Array:
    return np.asarray(cosines @ owners / np.maximum(owners.sum(0), 1), np.float32)
