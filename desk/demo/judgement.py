"""What the systems could do: risks with their treatment, and impact assessments in editions."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from accounts.actor import Actor
from aims.numbering import start_after
from assessments.actions import (
    accept_risk,
    add_impact,
    add_measure,
    add_party,
    clone_edition,
    decide_assessment,
    edit_assessment,
    edit_impact,
    edit_measure,
    edit_risk,
    register_risk,
    return_assessment,
    start_assessment,
    submit_assessment,
    treat,
)
from assessments.models import Assessment, Decision, Impact, Measure, Risk, SectionText
from assessments.screening.actions import answer_screening, begin_screening, conclude_screening
from assessments.screening.queries import standing_of
from assessments.sections.actions import answer_question
from desk.demo.organisation import OFFICER
from desk.demo.script import Data
from desk.demo.stage import Act, Stage

TEXTS = {"use": "intended_use", "misuse": "foreseeable_misuse", "oversight": "oversight", "benefits": "benefits"}
SCORES = {"before": "", "now": "residual_", "target": "target_"}


def acts(stage: Stage, risks: list[Data], assessments: list[Data]) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for place, row in enumerate(risks):
        yield from _risk(stage, row, place)
    for row in assessments:
        yield from _assessment(stage, row)


def _risk(stage: Stage, row: Data, place: int) -> Iterator[Act]:
    yield Act(stage.at(f"2025-03-18 10:{place:02d}"), OFFICER, partial(_register, stage, row))
    yield Act(stage.at(f"2025-04-22 15:{place:02d}"), OFFICER, partial(_treat, stage, row))
    yield Act(stage.at(f"2026-02-20 11:{place:02d}"), OFFICER, partial(_score, stage, row))
    if accepted := row.get("accepted"):
        yield Act(stage.at(accepted["at"]), accepted["who"], partial(_accept, row["code"], accepted["why"]))


def _register(stage: Stage, row: Data, actor: Actor) -> object:
    start_after("R", int(row["code"].removeprefix("R-")) - 1)
    return register_risk(
        actor=actor,
        title=row["title"],
        source=stage.text(row["source"]),
        system=stage.system(row["system"]) if "system" in row else None,
        owner=stage.people[row["owner"]],
        likelihood=row["before"][0],
        severity=row["before"][1],
        option=row["option"],
        due_on=stage.day(row.get("due")),
    )


def _treat(stage: Stage, row: Data, actor: Actor) -> None:
    risk = Risk.objects.get(code=row["code"])
    for control in row["controls"]:
        treat(risk, stage.requirement(control), actor=actor)


def _score(stage: Stage, row: Data, actor: Actor) -> object:
    risk = Risk.objects.get(code=row["code"])
    likelihood, severity = row["now"]
    reason = stage.text("Risk assessment of {2026-02}")
    scores = {"residual_likelihood": likelihood, "residual_severity": severity}
    return edit_risk(risk, seen=risk.version, actor=actor, reason=reason, **scores)  # type: ignore[arg-type]


def _accept(code: str, why: str, actor: Actor) -> object:
    risk = Risk.objects.get(code=code)
    return accept_risk(risk, reason=why, seen=risk.version, actor=actor)


def _assessment(stage: Stage, row: Data) -> Iterator[Act]:
    start = stage.at(row["at"])
    if screening := row.get("screening"):
        yield Act(stage.at(screening["at"]), row["who"], partial(_screen, stage, row["system"], screening))
    yield Act(start, row["who"], partial(_start, stage, row))
    yield Act(start + timedelta(hours=1), row["who"], partial(_fill, stage, row))
    yield from _outcome(stage, row, row)
    for edition in row["editions"]:
        edition = edition | {"system": row["system"]}
        start = stage.at(edition["at"])
        yield Act(start, edition["who"], partial(_clone, stage, edition))
        yield Act(start + timedelta(minutes=40), edition["who"], partial(_revise, stage, edition))
        yield from _outcome(stage, edition, row)


def _outcome(stage: Stage, edition: Data, row: Data) -> Iterator[Act]:
    if "submitted" in edition:
        submit = partial(_submit, stage, row["system"])
        yield Act(stage.at(edition["submitted"]), edition["who"], submit)
    if returned := edition.get("returned"):
        yield Act(stage.at(returned["at"]), returned["who"], partial(_return, stage, row["system"], returned["reason"]))
    if decided := edition.get("decided"):
        yield Act(stage.at(decided["at"]), decided["who"], partial(_decide, stage, row["system"], decided))


def _start(stage: Stage, row: Data, actor: Actor) -> object:
    system = stage.system(row["system"])
    return start_assessment(system, screening=standing_of(system.pk), actor=actor)


def _screen(stage: Stage, system: str, told: Data, actor: Actor) -> object:
    notes = told.get("notes", {})
    answers = {code: {"answer": said, "note": notes.get(code, "")} for code, said in told["answers"].items()}
    row = begin_screening(stage.system(system), actor=actor)
    row = answer_screening(row, answers=answers, seen=row.version, actor=actor)
    return conclude_screening(row, seen=row.version, actor=actor)


def _answer(assessment: Assessment, row: Data, actor: Actor) -> None:
    """Answer questions over what the register answered already."""
    seen = {answer.question: answer.version for answer in SectionText.objects.filter(assessment=assessment)}
    for name, told in (("text", "answers"), ("not_applicable_because", "not_applicable")):
        for key, words in row.get(told, {}).items():
            said = {name: words}
            answer_question(assessment, key, seen=seen.get(key, 0), actor=actor, **said)


def _fill(stage: Stage, row: Data, actor: Actor) -> None:
    assessment = stage.assessment(row["system"])
    texts: dict[str, Any] = {name: row[told] for told, name in TEXTS.items()}
    edit_assessment(assessment, seen=assessment.version, actor=actor, **texts)
    for party in row["parties"]:
        add_party(
            assessment,
            actor=actor,
            kind=party["kind"],
            name=party["name"],
            per_year=party.get("per_year"),
            heard=stage.text(party["heard"]),
            can_opt_out=party["opt_out"],
            is_vulnerable=party.get("vulnerable", False),
        )
    _answer(assessment, row, actor)
    for told in row["impacts"]:
        _add_impact(stage, assessment, told, actor)


def _add_impact(stage: Stage, assessment: Assessment, told: Data, actor: Actor) -> None:
    impact = add_impact(
        assessment,
        actor=actor,
        level=told["level"],
        valence=told.get("valence", "harm"),
        dimension=told.get("dimension", ""),
        description=told["what"],
        who=told["who"],
        **_scores(stage, told),
    )
    for measure in told.get("measures", ()):
        _add_measure(stage, impact, measure, actor)


def _scores(stage: Stage, told: Data) -> dict[str, Any]:
    fields: dict[str, Any] = {"target_on": stage.day(told["on"])} if "on" in told else {}
    for name, prefix in SCORES.items():
        if name in told:
            fields |= {f"{prefix}likelihood": told[name][0], f"{prefix}severity": told[name][1]}
    return fields


def _add_measure(stage: Stage, impact: Impact, told: Data, actor: Actor) -> object:
    return add_measure(
        impact,
        actor=actor,
        text=told["text"],
        requirement=stage.requirement(told["control"]),
        is_in_place=told.get("in_place", False),
        due_on=stage.day(told.get("due")),
    )


def _clone(stage: Stage, edition: Data, actor: Actor) -> object:
    return clone_edition(stage.assessment(edition["system"]), reason=stage.text(edition["why"]), actor=actor)


def _revise(stage: Stage, edition: Data, actor: Actor) -> None:
    assessment = stage.assessment(edition["system"])
    impacts = {row.number: row for row in Impact.objects.filter(assessment=assessment)}
    for number, told in edition["impacts"].items():
        edit_impact(impacts[number], seen=impacts[number].version, actor=actor, **_scores(stage, told))
    for text, told in edition["measures"].items():
        row = Measure.objects.get(impact__assessment=assessment, text=text)
        fields: dict[str, Any] = {"is_in_place": told["in_place"], "due_on": stage.day(told.get("due"))}
        edit_measure(row, seen=row.version, actor=actor, **fields)
    for number, measures in edition.get("added", {}).items():
        for measure in measures:
            _add_measure(stage, impacts[number], measure, actor)


def _submit(stage: Stage, system: str, actor: Actor) -> object:
    assessment = stage.assessment(system)
    return submit_assessment(assessment, seen=assessment.version, actor=actor)


def _return(stage: Stage, system: str, reason: str, actor: Actor) -> object:
    assessment = stage.assessment(system)
    return return_assessment(assessment, reason=reason, seen=assessment.version, actor=actor)


def _decide(stage: Stage, system: str, told: Data, actor: Actor) -> object:
    assessment = stage.assessment(system)
    return decide_assessment(
        assessment,
        Decision(told["decision"]),
        reason=stage.text(told["reason"]),
        seen=assessment.version,
        actor=actor,
        conditions_by=stage.day(told.get("by")),
        next_review_on=stage.day(told["review"]),
    )
