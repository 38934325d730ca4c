"""Suggestions as a reader of an item meets them: in the order that past decisions of this AIMS have taught."""

from collections.abc import Collection
from dataclasses import dataclass
from math import exp, log

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from evidence.models import EvidenceLink, EvidenceVersion, Suggestion, SuggestionState

SHARE, MOST = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """An open suggestion: what it proposes, the passage as it stands in the document, how sure, in words too."""

    pk: int
    code: str
    title: str
    confidence: int
    words: str
    passage: str
    source: str


def open_suggestions(evidence_id: int) -> list[SuggestionLine]:
    """Return what waits for a decision about the newest version of an item, the likeliest first; two queries."""
    newest = EvidenceVersion.objects.filter(evidence=evidence_id).order_by("-number").values("pk")[:1]
    linked = EvidenceLink.objects.held().filter(evidence=evidence_id).values("requirement_id")
    rows = Suggestion.objects.filter(evidence_version__in=newest, state=SuggestionState.OPEN)
    rows = rows.exclude(requirement_id__in=linked).select_related("requirement")
    held = list(rows)
    leaning = leanings({row.requirement_id for row in held}) if held else {}
    lines = [_line(row, leaning.get(row.requirement_id, 0.0)) for row in held]
    return sorted(lines, key=lambda line: (-line.confidence, line.pk))


def leanings(requirements: Collection[int]) -> dict[int, float]:
    """Return how far past decisions move the log-odds of a requirement in this AIMS; one query.

    Half the log-odds of accepted against refused, each counted once more than it was, and never beyond 1.5.
    """
    said = Q(state=SuggestionState.ACCEPTED), Q(state=SuggestionState.REFUSED)
    rows = Suggestion.objects.filter(requirement_id__in=requirements).order_by().values_list("requirement_id")
    counts = rows.annotate(yes=Count("pk", filter=said[0]), no=Count("pk", filter=said[1]))
    return {pk: leaning(yes, no) for pk, yes, no in counts}


def leaning(accepted: int, refused: int) -> float:
    """Return the shift of log-odds that so many decisions are worth."""
    return max(-MOST, min(MOST, SHARE * log((accepted + 1) / (refused + 1))))


def moved(confidence: int, shift: float) -> int:
    """Return a confidence (percent) after a shift of its log-odds."""
    share = min(0.99, max(0.01, confidence / 100))
    return round(100 / (1 + exp(-(log(share / (1 - share)) + shift))))


def in_words(confidence: int) -> str:
    """Say how sure a suggestion is, without a number."""
    if confidence >= 80:
        return _("Very likely")
    if confidence >= 50:
        return _("Likely")
    return _("Possible") if confidence >= 25 else _("Uncertain")


def _line(row: Suggestion, shift: float) -> SuggestionLine:
    confidence = moved(row.confidence, shift)
    asked = row.requirement
    return SuggestionLine(row.pk, asked.code, asked.title, confidence, in_words(confidence), row.passage, row.source)
