"""Typed makers of assessments and risks; each goes through the actions."""

from datetime import timedelta
from itertools import count
from typing import Any

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.roles import Role
from aims.models import Aims, Criteria
from assessments.actions import (
    add_impact,
    add_measure,
    add_party,
    decide_assessment,
    edit_assessment,
    register_risk,
    start_assessment,
    submit_assessment,
)
from assessments.models import Assessment, Decision, Impact, Measure, Risk
from controls.models import Requirement
from ledger.change import Change
from systems.models import AiSystem
from tests.make import a_member

_number = count(1)
PURPOSE = {
    "intended_use": "Orders applications so that recruiters read likely matches first.",
    "foreseeable_misuse": "Reading only the first page.",
    "jurisdictions": ["EU", "UK"],
    "oversight": "A recruiter opens every file.",
}


def a_system(actor: Actor, name: str = "", **fields: Any) -> AiSystem:
    """An AI system of the registry."""
    number = next(_number)
    row = AiSystem(
        aims_id=current_aims_id(),
        code=f"SYS-{number:02d}",
        name=name or f"System {number}",
        purpose="Helps people",
        **fields,
    )
    Change.new(row).save(actor=actor)
    return row


def a_control(code: str = "A.9.2") -> Requirement:
    """A control of the catalogue."""
    found: Requirement = Requirement.objects.get(code=code)
    return found


def an_approver(aims: Aims, by: Actor) -> Actor:
    """Someone who acts for top management and wrote nothing."""
    return a_member(aims, Role.APPROVER, by=by)


def an_assessment(actor: Actor, system: AiSystem | None = None) -> Assessment:
    """A draft without content."""
    return start_assessment(system or a_system(actor), actor=actor)


def an_impact(assessment: Assessment, actor: Actor, **fields: Any) -> Impact:
    """A harm at likelihood 4, severity 3, which is High."""
    given = {"level": "individual", "description": "People are ranked out of sight", "likelihood": 4, "severity": 3}
    return add_impact(assessment, actor=actor, **{**given, **fields})


def a_measure(impact: Impact, actor: Actor, **fields: Any) -> Measure:
    """A measure that is in place, carried by A.9.2."""
    given = {"text": "Every rejection has a written reason", "requirement": a_control(), "is_in_place": True}
    return add_measure(impact, actor=actor, **{**given, **fields})


def a_complete_assessment(actor: Actor, system: AiSystem | None = None, **impact: Any) -> Assessment:
    """A draft that can be submitted: purpose, one party, one harm with a measure."""
    row = an_assessment(actor, system)
    edit_assessment(row, seen=1, actor=actor, **PURPOSE)
    add_party(row, actor=actor, kind="individual", name="Applicants", per_year=3400, heard="Exit survey")
    a_measure(an_impact(row, actor, **impact), actor)
    return Assessment.objects.get(pk=row.pk)


def a_submitted_assessment(actor: Actor, system: AiSystem | None = None, **impact: Any) -> Assessment:
    """An assessment in review."""
    row = a_complete_assessment(actor, system, **impact)
    return submit_assessment(row, seen=row.version, actor=actor)


def a_decided_assessment(actor: Actor, approver: Actor, system: AiSystem | None = None, **impact: Any) -> Assessment:
    """An assessment in force, decided as Proceed."""
    row = a_submitted_assessment(actor, system, **impact)
    review = clock.now().date() + timedelta(days=180)
    return decide_assessment(
        row, Decision.PROCEED, reason="Fine.", next_review_on=review, seen=row.version, actor=approver
    )


def a_risk(actor: Actor, **fields: Any) -> Risk:
    """A risk with what remains scored: 4 x 4 before, 2 x 3 after treatment (Moderate)."""
    given = {
        "title": "Model drifts unseen",
        "likelihood": 4,
        "severity": 4,
        "residual_likelihood": 2,
        "residual_severity": 3,
        "option": "modify",
    }
    return register_risk(actor=actor, **{**given, **fields})


def newer_criteria(actor: Actor, **fields: Any) -> Criteria:
    """A second version of the criteria, under which everything above 2 is Severe."""
    first = Criteria.objects.get(number=1)
    given = {
        "number": 2,
        "likelihood": first.likelihood,
        "severity": first.severity,
        "acceptable_score": 1,
        "bands": {"low": [1, 1], "moderate": [2, 2], "high": [3, 3], "severe": [4, 25]},
    }
    row = Criteria(aims_id=first.aims_id, **{**given, **fields})
    Change.new(row).save(actor=actor)
    return row
