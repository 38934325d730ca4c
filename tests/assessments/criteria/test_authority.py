"""Who may accept what is what the criteria say: by role, and by name where people are named."""

from datetime import date

import pytest

from accounts.actor import Actor
from accounts.refusals import NotAllowed
from aims.actions.set_criteria import NotSettable
from aims.models import Aims
from aims.vocabulary import Band
from assessments.actions import accept_risk, decide_assessment, edit_risk, withdraw_risk
from assessments.actions.decide import NotDecidable
from assessments.models import Assessment, Decision, Risk
from duties.models import Task
from tests.assessments.criteria.make import newer, said
from tests.assessments.make import a_risk, a_submitted_assessment, an_approver

SOON = date(2999, 1, 1)


def decide(row: Assessment, actor: Actor, decision: Decision = Decision.PROCEED) -> Assessment:
    return decide_assessment(row, decision, reason="Seen.", seen=row.version, actor=actor, next_review_on=SOON)


def test_only_who_is_named_accepts_and_decides(aims: Aims, officer: Actor) -> None:
    chief, other = an_approver(aims, officer), an_approver(aims, officer)
    newer(officer, named={"high": [chief.pseudonym]})
    risk = a_risk(officer, residual_likelihood=3, residual_severity=4)
    with pytest.raises(NotAllowed, match=f"takes an approver, that is {chief.name}"):
        accept_risk(risk, reason="Fine", seen=1, actor=other)
    assert accept_risk(risk, reason="Fine", seen=1, actor=chief).accepted_by_id == chief.user_id
    row = a_submitted_assessment(officer)
    with pytest.raises(NotDecidable, match=f"Accepting High takes an approver, that is {chief.name}"):
        decide(row, other)
    assert decide(row, other, Decision.MITIGATE).state == "decided"
    assert decide(a_submitted_assessment(officer), chief).decision == "proceed"


def test_a_level_that_nobody_may_accept_is_mitigated_first(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    newer(officer, accepts={"low": ["approver"], "moderate": ["approver"], "high": [], "severe": []})
    with pytest.raises(NotDecidable, match="Nobody may accept High; mitigate first or decline"):
        decide(a_submitted_assessment(officer), approver)


def test_severe_is_accepted_where_the_criteria_say_so(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    newer(officer, accepts={band.value: ["approver"] for band in Band})
    risk = a_risk(officer, residual_likelihood=5, residual_severity=5)
    assert accept_risk(risk, reason="Known", seen=1, actor=approver).accepted_at


def test_the_version_that_judges_says_who_may_accept(aims: Aims, officer: Actor) -> None:
    chief, other = an_approver(aims, officer), an_approver(aims, officer)
    row = a_submitted_assessment(officer)
    newer(officer, named={"high": [chief.pseudonym]})
    assert decide(row, other).criteria.number == 1


def test_an_officer_is_not_named_for_what_only_approvers_accept(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotSettable, match="does not hold a role"):
        newer(officer, named={"high": [officer.pseudonym]})
    assert newer(officer, named={"moderate": [officer.pseudonym]}).number == 2
    assert said().named == {"moderate": [officer.pseudonym]}


def settled(row: Risk) -> list[int | None]:
    return [task.owner_id for task in Task.objects.filter(kind="risk.settle", subject=row.ref, closed_at__isnull=True)]


def test_what_is_escalated_is_one_task_of_top_management(aims: Aims, officer: Actor) -> None:
    other, chief = an_approver(aims, officer), an_approver(aims, officer)
    newer(officer, named={"high": [chief.pseudonym]}, escalate_from="high")
    row = a_risk(officer)
    assert settled(row) == []
    row = edit_risk(row, seen=1, actor=officer, residual_likelihood=4)
    assert settled(row) == [chief.user_id]
    row = edit_risk(row, seen=2, actor=officer, residual_severity=5)
    assert settled(row) in ([other.user_id], [chief.user_id])
    row = edit_risk(row, seen=3, actor=officer, residual_severity=3)
    row = accept_risk(row, reason="Known", seen=4, actor=chief)
    assert settled(row) == []
    row = edit_risk(row, seen=5, actor=officer, residual_likelihood=5)
    assert len(settled(row)) == 1
    withdraw_risk(row, reason="Sold", seen=6, actor=officer)
    assert settled(row) == []
