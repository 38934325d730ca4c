"""Scores that are given by half: one of a pair, what remains of nothing, a target without its date."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Valence

BEFORE = ("likelihood", "severity")
NOW = ("residual_likelihood", "residual_severity")
TARGET = ("target_likelihood", "target_severity", "target_on")
SCORED = (*BEFORE, *NOW, *TARGET)


def halves(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each field that is missing beside what was given, with what to do about it; benefits are not scored.

    One score of what remains may stand alone: the other is then as it was before measures.
    """
    if said.get("valence") == Valence.BENEFIT:
        return
    lacking = {name for name in SCORED if said.get(name) is None}
    words = {
        "likelihood": _("Choose a likelihood too: a severity alone is no judgement."),
        "severity": _("Choose a severity too: a likelihood alone is no judgement."),
    }
    is_scored_now = not lacking.issuperset(NOW)
    for name in BEFORE:
        if name in lacking and (is_scored_now or not lacking.issuperset(BEFORE)):
            is_alone = lacking.issuperset(BEFORE)
            yield name, _("Score it before measures first.") if is_alone else words[name]
    for name in TARGET:
        if name in lacking and not lacking.issuperset(TARGET):
            yield name, _("A target is two scores and a date, or nothing.")
