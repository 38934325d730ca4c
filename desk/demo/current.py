"""How judgement is kept current: criteria, a negative screening, what happened since, and who else had a say."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from accounts.actor import Actor
from aims.actions import set_criteria
from aims.judging import Step, judging_of
from aims.queries import current_criteria
from assessments.actions import Answer, answer_triggers, report_trigger
from assessments.models import Assessment, Screening, ScreeningState, Trigger
from assessments.queries.drivers import in_force
from assessments.screening.actions import answer_screening, begin_screening, conclude_screening, sign_screening
from assessments.screening.questions import QUESTIONNAIRE
from assessments.sections.actions import comment_on, name_co_author
from assessments.triggers.kinds import TriggerKind
from assessments.triggers.models import Said
from desk.demo.script import Data
from desk.demo.stage import Act, Stage


def acts(stage: Stage, story: list[Data]) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for row in story:
        [name] = row.keys() & VERBS.keys()
        yield Act(stage.at(row["at"]), row["who"], partial(VERBS[name], stage, row[name]))
        if name == "screened":
            signed = row[name]["signed"]
            yield Act(stage.at(signed["at"]), signed["who"], partial(_sign, stage, row[name]))


def _set_criteria(stage: Stage, told: Data, actor: Actor) -> object:
    last = current_criteria()
    scales = ([Step(at, *said) for at, said in enumerate(told[name], 1)] for name in ("likelihood", "severity"))
    likelihood, severity = scales
    said = replace(judging_of(last), likelihood=likelihood, severity=severity)
    return set_criteria(said, why=stage.text(told["why"]), seen=last.number, actor=actor)


def _screen(stage: Stage, told: Data, actor: Actor) -> object:
    notes = told["notes"]
    answers = {asked.code: {"answer": "no", "note": notes.get(asked.code, "")} for asked in QUESTIONNAIRE}
    row = begin_screening(stage.system(told["of"]), actor=actor)
    row = answer_screening(row, answers=answers, seen=row.version, actor=actor)
    return conclude_screening(row, seen=row.version, because=told["because"], actor=actor)


def _sign(stage: Stage, told: Data, actor: Actor) -> object:
    row = Screening.objects.get(system__code=told["of"], state=ScreeningState.WAITING)
    day = stage.calendar.moved(told["signed"]["until"])
    return sign_screening(row, next_review_on=day, seen=row.version, actor=actor)


def _report(_stage: Stage, told: Data, actor: Actor) -> object:
    return report_trigger(_judging(told["of"]), TriggerKind(told["kind"]), told["title"], actor=actor)


def _answer(_stage: Stage, told: Data, actor: Actor) -> object:
    row = _judging(told["of"])
    trigger = Trigger.objects.get(assessment__code=row.code, kind=told["kind"], effect=Said.UNSAID)
    return answer_triggers(row, {trigger.pk: Answer(trigger.version, because=told["because"])}, actor=actor)


def _remark(stage: Stage, told: Data, actor: Actor) -> object:
    return comment_on(stage.assessment(told["of"]), told["section"], text=told["text"], actor=actor)


def _name_co_author(stage: Stage, told: Data, actor: Actor) -> object:
    return name_co_author(stage.assessment(told["of"]), stage.people[told["name"]], actor=actor)


def _judging(system: str) -> Assessment:
    """The edition that counts for a system."""
    found: Assessment = Assessment.objects.filter(in_force(), system__code=system).select_related("system").latest("pk")
    return found


VERBS: dict[str, Callable[[Stage, Data, Actor], object]] = {
    "criteria": _set_criteria,
    "screened": _screen,
    "happened": _report,
    "answers": _answer,
    "remark": _remark,
    "co_author": _name_co_author,
}
