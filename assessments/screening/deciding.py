"""What a screening comes to: a function of its answers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.screening.models import Depth
from assessments.screening.questions import BY_CODE, QUESTIONNAIRE, Asked, Said

Answers = Mapping[str, Any]
WEIGHS = frozenset({Said.YES.value, Said.UNKNOWN.value})
ORDER = (Depth.NONE, Depth.FOCUSED, Depth.FULL)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How deep the assessment has to go, and the codes of the questions that make it so."""

    depth: Depth
    reasons: tuple[str, ...]


def answer_to(answers: Answers, code: str) -> str:
    """Return what was answered, or nothing."""
    return str((answers.get(code) or {}).get("answer", ""))


def unanswered(answers: Answers) -> tuple[Asked, ...]:
    """Return the questions that nobody answered yet."""
    return tuple(asked for asked in QUESTIONNAIRE if not answer_to(answers, asked.code))


def conclude(answers: Answers) -> Conclusion:
    """Take the deepest weight of what was answered yes or not known; what is not answered counts as not known."""
    weighing = [asked for asked in QUESTIONNAIRE if (answer_to(answers, asked.code) or Said.UNKNOWN) in WEIGHS]
    depth = max((asked.weight for asked in weighing), key=ORDER.index, default=Depth.NONE)
    weighing.sort(key=lambda asked: -ORDER.index(asked.weight))
    return Conclusion(depth, tuple(asked.code for asked in weighing))


def reasons_in_words(reasons: tuple[str, ...] | list[str], answers: Answers) -> list[str]:
    """Return why, in sentences; a code that nobody knows any more stands for itself."""
    return [_sentence(code, answers) for code in reasons]


def _sentence(code: str, answers: Answers) -> str:
    asked = BY_CODE.get(code)
    if asked is None:
        return code
    if answer_to(answers, code) == Said.YES:
        return str(asked.why)
    return _("Not known: %(question)s") % {"question": asked.label}
