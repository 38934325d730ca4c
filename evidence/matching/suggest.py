"""Match a document to requirements: the best few, each with a passage of the document and a confidence."""

from dataclasses import dataclass

import numpy as np

from evidence.matching.embedding import MODEL, Array
from evidence.matching.features import features, general, piece_scores, scaled
from evidence.matching.frameworks import OURS, by_titles
from evidence.matching.seen import Seen, see
from evidence.matching.trained import Trained, trained
from evidence.reading import Document

MATCHER_NAME = f"assay-matching 1, {MODEL}"


@dataclass(frozen=True, slots=True)
class Match:
    """A requirement that the document may prove; the passage stands in the document as it is here."""

    requirement: str
    confidence: float
    passage: str
    start: int


@dataclass(frozen=True, slots=True)
class Matches:
    """What a document may prove, best first; nothing, with the reason, when it seems to prove nothing about AI."""

    abstain: bool
    matches: tuple[Match, ...]
    why: str = ""


def match(document: Document, framework: str = "42001", top: int = 5) -> Matches:
    """Return the requirements that a document may prove; no network, no database."""
    if document.why or not document.text.strip():
        return Matches(abstain=True, matches=(), why=document.why or "there are no words in it")
    seen = see(document.text, document.language)
    if seen is None:
        return Matches(abstain=True, matches=(), why="there are no words in it")
    if framework != OURS:
        return _by_titles(document, seen, framework, top)
    return _judged(document.text, seen, top)


def _by_titles(document: Document, seen: Seen, framework: str, top: int) -> Matches:
    ours = {one.requirement: one.confidence for one in _judged(document.text, seen, 5).matches}
    found = by_titles(seen, framework, ours)[:top]
    if not found:
        return Matches(abstain=True, matches=(), why="nothing in it is near to a title of this framework")
    return Matches(abstain=False, matches=tuple(_match(document.text, seen, *one) for one in found))


def _match(text: str, seen: Seen, code: str, confidence: float, piece: int) -> Match:
    chunk = seen.chunks[piece]
    return Match(code, round(confidence, 2), text[chunk.start : chunk.end], chunk.start)


def _judged(text: str, seen: Seen, top: int) -> Matches:
    learned = trained()
    found = features(seen, learned.known)
    relation = related(seen, found, learned)
    if relation < learned.threshold:
        return Matches(abstain=True, matches=(), why="nothing in it seems to be about how AI is managed")
    odds = log_odds(found, learned)
    pieces = piece_scores(seen, learned.known)
    matches = []
    for control in np.argsort(-odds)[:top]:
        confidence = sure(float(odds[control]), relation, learned)
        piece = int(pieces[:, control].argmax())
        matches.append(_match(text, seen, learned.codes[control], confidence, piece))
    return Matches(abstain=False, matches=tuple(matches))


def order_of(document: Document) -> list[str]:
    """Return every control, the likeliest first, whether or not the matcher would abstain."""
    seen, learned = see(document.text, document.language), trained()
    if seen is None:
        return []
    odds = log_odds(features(seen, learned.known), learned)
    return [learned.codes[control] for control in np.argsort(-odds)]


def related(seen: Seen, found: Array, learned: Trained) -> float:
    """Return the log-odds that the document is about how AI is managed."""
    row = (general(seen, found, learned.known) - learned.means) / learned.spreads
    return float(np.append(row, 1) @ learned.relation)


def log_odds(found: Array, learned: Trained) -> Array:
    """Return the log-odds of each control against all the others."""
    return odds_of(scaled(found) @ learned.ranking)


def odds_of(scores: Array) -> Array:
    """Return the log-odds of each of several scores under their softmax."""
    share = np.exp(scores - scores.max())
    share = np.clip(share / share.sum(), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(share / (1 - share)), np.float32)


def sure(odds: float, relation: float, learned: Trained) -> float:
    """Return the calibrated confidence: of suggestions with this value, that share was right."""
    slope, lean, start = (float(one) for one in learned.confidence)
    return float(1 / (1 + np.exp(-(slope * odds + lean * relation + start))))
