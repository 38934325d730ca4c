"""Which parts of an assessment say something, from its frozen form, so that page and report cannot differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from assessments.models import Valence
from assessments.sections.models import Section
from assessments.sections.questions import BY_KEY

Body = Mapping[str, Any]
ANSWER = "answer:"
PLACES = {Section.SYSTEM: "purpose", Section.MEASURES: "mitigations"}


@dataclass(frozen=True, slots=True)
class Source:
    """A part of an assessment: its words, where it stands on the page, and whether it says something."""

    label: str | Promise
    place: str
    says: Callable[[Body], bool]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One part that speaks to an element, or would."""

    key: str
    label: str
    place: str
    is_told: bool


def _text(name: str) -> Callable[[Body], bool]:
    return lambda body: bool(body.get(name))


def _harms(body: Body) -> list[Any]:
    return [one for one in body.get("impacts") or [] if one.get("valence") != Valence.BENEFIT]


def _measures(body: Body) -> list[Any]:
    return [measure for one in _harms(body) for measure in one.get("measures") or []]


def _all_scored(name: str) -> Callable[[Body], bool]:
    return lambda body: bool(_harms(body)) and all(one.get(name) for one in _harms(body))


def _counts(measure: Any) -> bool:
    return bool(measure.get("is_in_place") and not measure.get("is_failing"))


SOURCES: Mapping[str, Source] = {
    "intended_use": Source(later("Intended use"), "purpose", _text("intended_use")),
    "foreseeable_misuse": Source(later("Foreseeable misuse"), "purpose", _text("foreseeable_misuse")),
    "oversight": Source(later("Human oversight"), "purpose", _text("oversight")),
    "parties": Source(later("Affected parties"), "parties", _text("parties")),
    "vulnerable": Source(
        later("Vulnerable ones among the affected parties"),
        "parties",
        lambda body: any(one.get("is_vulnerable") for one in body.get("parties") or []),
    ),
    "harms": Source(later("Harms"), "impacts", lambda body: bool(_harms(body))),
    "scored": Source(later("Every harm scored"), "impacts", _all_scored("before")),
    "failures": Source(
        later("Predictable failures of harms"), "impacts", lambda body: any(one.get("failure") for one in _harms(body))
    ),
    "remaining": Source(later("What remains of every harm, scored"), "impacts", _all_scored("now")),
    "measures": Source(later("Measures"), "mitigations", lambda body: bool(_measures(body))),
    "in_place": Source(
        later("Measures in place and not failing"), "mitigations", lambda body: any(map(_counts, _measures(body)))
    ),
    "technical_measures": Source(
        later("Technical measures"),
        "mitigations",
        lambda body: any(one.get("kind") == "technical" for one in _measures(body)),
    ),
    "decision": Source(later("Decision"), "decision", _text("decision")),
    "next_review": Source(later("Next review"), "decision", _text("next_review_on")),
    "triggers": Source(later("What has it looked at again"), "decision", _text("triggers")),
}


def spoken(key: str, body: Body) -> Spoken:
    """Return whether a part of an assessment says something; an answer that it does not apply, with why, says it."""
    if not key.startswith(ANSWER):
        source = SOURCES[key]
        return Spoken(key, str(source.label), source.place, source.says(body))
    question = BY_KEY[key.removeprefix(ANSWER)]
    place = PLACES.get(question.section, str(question.section))
    label = _("%(section)s: %(question)s") % {"section": question.section.label, "question": question.label}
    return Spoken(key, label, place, any(_answers(one, question.key) for one in body.get("answers") or []))


def _answers(answer: Any, key: str) -> bool:
    said = answer.get("text") or answer.get("not_applicable_because")
    return bool(answer.get("question") == key and str(said or "").strip())
