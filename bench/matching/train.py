"""Learn from the labelled documents: weights by cross-fitting over authors, then everything again from all of them.

Whatever a document is judged with while the weights are fitted was made without the documents of its author (unrelated
documents: without its third), so that the weights are those for documents of unseen authors.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bench.matching.labelled import Labelled, labelled
from bench.matching.learn import Base, known_from
from evidence.matching.embedding import Array
from evidence.matching.features import features, general, scaled
from evidence.matching.seen import Seen, see
from evidence.matching.suggest import odds_of
from evidence.matching.trained import FILE, trained, written

LOST = 0.03  # the share of related documents of unseen authors that the threshold may give up
CANDIDATES = 5


def train() -> None:
    """Write the file of learned weights."""
    documents = [(one, seen) for one in labelled("train") if (seen := see(one.text)) is not None]
    base = Base()
    found, overall = _cross_fitted(base, documents)
    related = np.array([bool(one.labels) for one, _seen in documents])
    groups = np.array([_group(number, one) for number, (one, _seen) in enumerate(documents)])
    truth = np.array([[code in one.labels for code in base.codes] for one, _seen in documents], np.float64)
    shares = truth[related] / truth[related].sum(1, keepdims=True)
    relative = np.stack([scaled(one) for one in found])
    ranking = _rank(relative[related], shares)
    means, spreads = overall.mean(0), overall.std(0) + 1e-6
    inputs = (overall - means) / spreads
    relation = _logistic(inputs, related, 0.1)
    unseen = _unseen(
        groups,
        lambda rest, mine: np.c_[inputs[mine], np.ones(mine.sum())] @ _logistic(inputs[rest], related[rest], 0.1),
    )
    odds = _unseen_odds(relative, truth, related, groups)
    threshold = float(np.quantile(unseen[related], LOST))
    numbers = {
        "ranking": ranking, "means": means, "spreads": spreads, "relation": relation, "threshold": threshold,
        "confidence": _calibrated(odds, unseen, truth, unseen >= threshold),
    }  # fmt: skip
    known = known_from(base, documents)
    FILE.write_text(written(tuple(base.codes), known, numbers), encoding="utf-8")
    trained.cache_clear()
    print(f"{FILE.name}: {FILE.stat().st_size // 1024} KB from {len(documents)} documents of {len(set(groups))} groups")


def _cross_fitted(base: Base, documents: Sequence[tuple[Labelled, Seen]]) -> tuple[list[Array], Array]:
    members: dict[str, list[int]] = defaultdict(list)
    for number, (one, _seen) in enumerate(documents):
        members[_group(number, one)].append(number)
    found: dict[int, Array] = {}
    overall: dict[int, Array] = {}
    for group, mine in members.items():
        known = known_from(base, [pair for n, pair in enumerate(documents) if _group(n, pair[0]) != group])
        for number in mine:
            seen = documents[number][1]
            found[number] = features(seen, known)
            overall[number] = general(seen, found[number], known)
    order = range(len(documents))
    return [found[number] for number in order], np.stack([overall[number] for number in order])


def _group(number: int, one: Labelled) -> str:
    return one.author if one.labels else f"unrelated {number % 3}"


def _unseen(groups: Array, judge) -> Array:
    scores = np.zeros(len(groups))
    for group in sorted(set(groups)):
        mine = groups == group
        scores[mine] = judge(~mine, mine)
    return scores


def _unseen_odds(relative: Array, truth: Array, related: Array, groups: Array) -> Array:
    odds = np.zeros(truth.shape)
    for group in sorted(set(groups)):
        rest = related & (groups != group)
        weights = _rank(relative[rest], truth[rest] / truth[rest].sum(1, keepdims=True))
        for number in np.flatnonzero(groups == group):
            odds[number] = odds_of(relative[number] @ weights)
    return odds


def _calibrated(odds: Array, relation: Array, truth: Array, kept: Array) -> Array:
    """Fit how often one of the first candidates was right, from its odds and those of the relation."""
    rows, right = [], []
    for number in np.flatnonzero(kept):
        for control in np.argsort(-odds[number])[:CANDIDATES]:
            rows.append((odds[number, control], relation[number]))
            right.append(truth[number, control])
    return _logistic(np.array(rows), np.array(right) > 0, 0.001, balanced=False)


def _rank(inputs: Array, shares: Array, pull: float = 0.05) -> Array:
    """Fit weights, none below zero, so that the softmax over controls is near the labels."""

    def slope(weights: Array) -> Array:
        scores = inputs @ weights
        guessed = np.exp(scores - scores.max(1, keepdims=True))
        guessed /= guessed.sum(1, keepdims=True)
        return np.einsum("nk,nkf->f", guessed - shares, inputs) / len(inputs) + pull * weights

    return _descended(slope, np.full(inputs.shape[2], 0.3), least=0.0)


def _logistic(inputs: Array, right: Array, pull: float, *, balanced: bool = True) -> Array:
    """Fit a logistic regression, its last number the start; `balanced` gives both answers the same weight."""
    full = np.c_[inputs, np.ones(len(inputs))]
    counts = np.where(right, 0.5 / right.mean(), 0.5 / (1 - right.mean())) if balanced else np.ones(len(right))

    def slope(weights: Array) -> Array:
        guessed = 1 / (1 + np.exp(-full @ weights))
        return full.T @ (counts * (guessed - right)) / len(full) + pull * np.append(weights[:-1], 0)

    return _descended(slope, np.zeros(full.shape[1]))


def _descended(slope, weights: Array, *, least: float = -np.inf, steps: int = 1500) -> Array:
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        now = slope(weights)
        first, second = 0.9 * first + 0.1 * now, 0.99 * second + 0.01 * now * now
        pace = 0.05 * (1 - step / (steps + 1))
        weights = np.maximum(
            least, weights - pace * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        )
    return weights
