"""Make everything that documents are held against, from profiles and labelled documents."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bench.matching.labelled import Labelled
from evidence.matching.embedding import Array, embed
from evidence.matching.features import Known
from evidence.matching.profiles import profiles
from evidence.matching.seen import Seen
from evidence.matching.words import tokens

RIDGE = 3.0


class Base:
    """What does not depend on labelled documents; made once."""

    def __init__(self) -> None:
        self.profiles = profiles()
        self.codes = [profile.code for profile in self.profiles]
        self.column = {code: number for number, code in enumerate(self.codes)}
        sentences = [(n, one) for n, profile in enumerate(self.profiles) for one in profile.about]
        self.about = embed([one for _n, one in sentences])
        self.of_about = owners([[n] for n, _one in sentences], len(self.codes))
        self.kinds = embed([", ".join(row.words["en"] for row in profile.kinds) for profile in self.profiles])
        self.of_terms = owners([[n] for n, p in enumerate(self.profiles) for _ in p.terms], len(self.codes))
        self.of_kinds = owners([[n] for n, p in enumerate(self.profiles) for _ in p.kinds], len(self.codes))
        self.words = [Counter(tokens(_said(profile))) for profile in self.profiles]


def _said(profile) -> str:
    rows = [row.words["en"] for row in (*profile.terms, *profile.kinds)]
    return "\n".join([*profile.about, *rows])


def owners(rows: Sequence[Sequence[int]], width: int) -> Array:
    found = np.zeros((len(rows), width), np.float32)
    for number, columns in enumerate(rows):
        found[number, list(columns)] = 1
    return found


def known_from(base: Base, documents: Sequence[tuple[Labelled, Seen]]) -> Known:
    """Return what to hold documents against, with these as examples; unrelated ones teach rarity and the planes."""
    related = [(one, seen) for one, seen in documents if one.labels]
    labels = [[base.column[code] for code in one.labels] for one, _seen in related]
    width = len(base.codes)
    of_pieces = owners([mine for mine, (_one, seen) in zip(labels, related, strict=True) for _ in seen.vectors], width)
    pieces = np.concatenate([seen.vectors for _one, seen in related])
    of_examples = owners(labels, width)
    examples = np.stack([seen.mean for _one, seen in related])
    others = [seen.vectors for one, seen in documents if not one.labels]
    rest = np.concatenate(others) if others else np.zeros((0, pieces.shape[1]), np.float32)
    rows = np.concatenate([base.about, examples, pieces, rest])
    targets = np.concatenate([base.of_about, of_examples, of_pieces, np.zeros((len(rest), width), np.float32)])
    weights = np.concatenate(
        [np.full(len(base.about), 1.0), np.full(len(examples), 1.5), np.full(len(pieces), 0.6), np.full(len(rest), 0.3)]
    )
    plane = ridge(rows, targets, weights)
    seen_in = sum((np.minimum(seen.terms, 1) for _one, seen in documents), np.zeros(len(base.of_terms)))
    term_weights = np.log((len(documents) + 2) / (seen_in + 1)).astype(np.float32)
    index, rarity = _vocabulary(base, documents)
    return Known(
        base.about, base.of_about, base.kinds, plane, term_weights, base.of_terms,
        base.of_kinds, rarity, _columns(base.words, index, rarity),
        _columns(_pooled(labels, related, width), index, rarity), index,
    )  # fmt: skip


def ridge(rows: Array, targets: Array, weights: Array) -> Array:
    full = np.c_[rows, np.ones(len(rows))].astype(np.float64)
    left = full.T @ (full * weights[:, None]) + RIDGE * np.diag([1.0] * rows.shape[1] + [0.01])
    return np.linalg.solve(left, full.T @ (targets * weights[:, None])).astype(np.float32)


def _pooled(labels, related, width):
    pooled = [Counter() for _ in range(width)]
    for mine, (_one, seen) in zip(labels, related, strict=True):
        for column in mine:
            pooled[column].update({word: 1 + np.log(count) for word, count in seen.words.items()})
    return pooled


def _vocabulary(base: Base, documents):
    spread = Counter(word for words in base.words for word in words)
    for _one, seen in documents:
        spread.update(set(seen.words))
    total = len(base.words) + len(documents)
    kept = sorted(word for word, count in spread.items() if count >= 2 and not word.isdigit())
    return {word: n for n, word in enumerate(kept)}, {word: float(np.log(total / spread[word])) for word in kept}


def _columns(counts, index, rarity):
    found = np.zeros((len(index), len(counts)), np.float32)
    for column, words in enumerate(counts):
        for word, count in words.items():
            if word in index:
                found[index[word], column] = (1 + np.log(max(count, 1))) * rarity[word]
    return found / np.maximum(np.linalg.norm(found, axis=0), 1e-9)
