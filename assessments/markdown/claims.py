"""What a file claims of an impact, judged again: a product, a level in words, and scores that are half there."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from aims.models import Criteria
from assessments.markdown.document import Impact, Stated

RANKS = (("low", 1), ("minor", 1), ("negligible", 1), ("medium", 2), ("moderate", 2), ("high", 3), ("major", 3))
WORST = ("severe", "critical", "extreme", "very high", "unacceptable", "catastrophic")
BANDS = ("low", "moderate", "high", "severe")
PAIRS = (
    ("likelihood", "severity"),
    ("residual_likelihood", "residual_severity"),
    ("target_likelihood", "target_severity"),
)
Pair = tuple[int | None, int | None]


def row_of(impact: Impact, line: int, claims: Sequence[Stated], criteria: Criteria) -> dict[str, Any]:
    """Return an impact as the plan tells it, with every reason to look at it."""
    pair = (impact.likelihood, impact.severity)
    score = pair[0] * pair[1] if pair[0] and pair[1] else None
    band = str(criteria.band(pair[0], pair[1])) if pair[0] and pair[1] and impact.valence == "harm" else None
    remains = (impact.residual_likelihood, impact.residual_severity)
    remains = pair if remains == (None, None) else remains
    wrong = [
        (one, reason)
        for one in claims
        for reason in [contradiction(one, pair if one.stage == "before" else remains, criteria)]
        if reason
    ]
    shown = [one for one, _reason in wrong] or [one for one in claims if one.stage == "before"]
    return {
        "line": line,
        "id": str(impact.number),
        "description": impact.description,
        "level": impact.level,
        "valence": impact.valence,
        "likelihood": impact.likelihood,
        "severity": impact.severity,
        "score": score,
        "band": band,
        "residual_likelihood": impact.residual_likelihood,
        "residual_severity": impact.residual_severity,
        "stated": next((one.band or one.score for one in shown), None),
        "contradiction": bool(wrong),
        "reasons": [*(reason for _one, reason in wrong), *lacking(impact)],
        "measures": [{"text": one.text, "control": one.control or None} for one in impact.measures],
    }


def lacking(impact: Impact) -> Iterator[str]:
    """Yield which score is missing beside another."""
    for one, other in PAIRS:
        values = {name: getattr(impact, name) for name in (one, other)}
        if len([value for value in values.values() if value is None]) == 1:
            missing = next(name for name, value in values.items() if value is None)
            yield f"There is no {missing.replace('_', ' ')}."


def contradiction(claim: Stated, pair: Pair, criteria: Criteria) -> str:
    """Return why a stated product or level is not the one that the scores give, or nothing."""
    if pair[0] is None or pair[1] is None:
        return ""
    stage = "" if claim.stage == "before" else " (what remains)"
    product = product_of(claim)
    if product is not None and product != pair[0] * pair[1]:
        return f"Line {claim.line} states {product}{stage}; {pair[0]} times {pair[1]} is {pair[0] * pair[1]}."
    words = claim.band or claim.score
    rank, band = rank_of_words(words), criteria.band(pair[0], pair[1])
    if rank is not None and BANDS[rank - 1] != str(band):
        return f"Line {claim.line} states “{words[:60]}”{stage}; {pair[0]} times {pair[1]} is {band.label} here."
    return ""


def product_of(claim: Stated) -> int | None:
    """Return the product that a claim states: 12, 3 x 4 = 12, 12/25, High (12)."""
    last = claim.score.split("=")[-1]
    found = re.search(r"[0-9]+", last) or re.search(r"(?<=[(\[])\s*[0-9]+(?=\s*[)\]])", claim.band)
    return int(found[0]) if found else None


def rank_of_words(text: str) -> int | None:
    """Return the rank of the words of a level, 1 (low) to 4 (severe); nothing where they name none."""
    words = text.casefold()
    if any(re.search(rf"\b{word}\b", words) for word in WORST):
        return 4
    return next((rank for word, rank in RANKS if re.search(rf"\b{word}\b", words)), None)
