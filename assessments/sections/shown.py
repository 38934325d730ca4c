"""The questions of each section as frozen shapes, for the editor."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from assessments.models import Assessment, SectionText
from assessments.sections.questions import Question, asked


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question with its answer; `version` is 0 while nobody answered."""

    key: str
    label: str | Promise
    help: str | Promise
    serves: tuple[str, ...]
    text: str
    because: str
    version: int
    is_told: bool
    is_prefilled: bool


def line_of(question: Question, answer: SectionText | None) -> QuestionLine:
    """Return a question as its section shows it."""
    return QuestionLine(
        key=question.key,
        label=question.label,
        help=question.help,
        serves=question.serves,
        text=answer.text if answer else "",
        because=answer.not_applicable_because if answer else "",
        version=answer.version if answer and answer.pk else 0,
        is_told=answer is not None and answer.is_told,
        is_prefilled=answer is not None and answer.is_prefilled,
    )


def questions_of(row: Assessment, answers: Mapping[str, SectionText]) -> dict[str, list[QuestionLine]]:
    """Return the questions by section: those of its depth."""
    due = asked(row.depth)
    found: dict[str, list[QuestionLine]] = {}
    for question in due:
        found.setdefault(question.section, []).append(line_of(question, answers.get(question.key)))
    return found


def missing_in(questions: Mapping[str, list[QuestionLine]], section: str) -> int:
    """Count the questions of a section that are not answered."""
    return sum(not line.is_told for line in questions.get(section, []))
