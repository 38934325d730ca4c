"""Answer one question of an assessment, or say why it does not apply."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from assessments.actions.shared import Named, NotWritable, opened
from assessments.models import Assessment, SectionText
from assessments.sections.events import ANSWERED
from assessments.sections.prefill import prefilled
from assessments.sections.questions import BY_KEY
from ledger.actions import record
from ledger.change import Change, hold_apart

LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was saved, its assessment, and all answers of its section by question."""

    assessment: Assessment
    answer: SectionText
    answers: dict[str, SectionText] = field(default_factory=dict)


def answer_question(
    assessment: Assessment,
    question: str,
    *,
    seen: int,
    actor: Actor,
    text: str = "",
    not_applicable_because: str = "",
) -> SectionText:
    """Save an answer; `seen` is its version, 0 while there is none."""
    said = {"text": text, "not_applicable_because": not_applicable_because}
    return save_answer(assessment, question, seen=seen, actor=actor, **said).answer


@transaction.atomic
def save_answer(
    assessment: Assessment | Named,
    question: str,
    *,
    seen: int,
    actor: Actor,
    text: str = "",
    not_applicable_because: str = "",
) -> Answered:
    """Save an answer and return it with its section. The same answer again leaves no trace.

    An answer that was taken from the register counts as looked at once a person has saved it.
    Nine queries on SQLite, for it is saved in passing whenever a field is left.
    """
    row = opened(assessment, actor)
    said = _sound(question, text, not_applicable_because)
    section = BY_KEY[question].section
    answers = {one.question: one for one in SectionText.objects.filter(assessment=row, section=section)}
    answer = answers.setdefault(
        question, SectionText(aims_id=row.aims_id, assessment=row, section=section, question=question, version=0)
    )
    hold_apart(answer, seen, **said)
    if answer.pk is not None or any(said.values()):
        _keep(answer, said, actor)
    return Answered(row, answer, answers)


def _keep(answer: SectionText, said: dict[str, str], actor: Actor) -> None:
    change = Change.of(answer, **said, is_prefilled=False) if answer.pk else _new(answer, said)
    if change:
        answer.changed_by_id = actor.user_id
        change.save(actor=actor)
        record(ANSWERED, answer, actor=actor, change=change)


def prefill_answers(assessment: Assessment, *, actor: Actor, reason: str) -> int:
    """Write what the register knows already, for the verb that begins an assessment and records it; return how many."""
    found = list(prefilled(assessment.system))
    for question, text in found:
        answer = SectionText(
            aims_id=assessment.aims_id,
            assessment=assessment,
            section=question.section,
            question=question.key,
            text=text[:LONGEST],
            is_prefilled=True,
            changed_by_id=actor.user_id,
        )
        Change.new(answer).save(actor=actor, reason=reason)
    return len(found)


def _new(answer: SectionText, said: dict[str, str]) -> Change:
    for name, value in said.items():
        setattr(answer, name, value)
    answer.version = 1
    return Change.new(answer)


def _sound(question: str, text: str, because: str) -> dict[str, str]:
    if question not in BY_KEY:
        raise NotWritable(_("There is no question %(name)s.") % {"name": question}, field="question")
    said = {"text": text.strip(), "not_applicable_because": because.strip()}
    if all(said.values()):
        raise NotWritable(
            _("Answer the question, or say why it does not apply; not both."), field="not_applicable_because"
        )
    for name, value in said.items():
        if len(value) > LONGEST:
            raise NotWritable(_("Use at most %(n)s characters.") % {"n": LONGEST}, field=name)
    return said
