"""Treatments are verified, risks are fed by impacts, and the plan is a document that holds what was accepted."""

import json
from datetime import timedelta

import pytest

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import (
    approve_plan,
    clone_edition,
    edit_risk,
    feed,
    register_risk,
    return_plan,
    stop_feeding,
    submit_plan,
    treat,
    verify_treatment,
)
from assessments.actions.shared import NotWritable
from assessments.actions.treatment_plan import NotDecidable, NotSubmittable
from assessments.actions.verify import NotVerifiable
from assessments.models import Impact, PlanState, Risk, RiskImpact, TreatmentPlan
from assessments.queries.treatment_plan import lines_of, plan_lines
from assessments.risk.library import threats
from assessments.risk.terms import term_label, term_value, terms
from controls.models import Requirement
from duties.models import Task
from tests.assessments.criteria.make import newer
from tests.assessments.make import a_control, a_decided_assessment, a_risk, an_approver, an_assessment, an_impact
from tests.make import a_member, trace_of

pytestmark = pytest.mark.db_both


def test_a_treatment_is_verified_on_grounds_and_every_look_stays(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer)
    today = clock.today(aims.time_zone)
    reviewer = a_member(aims, Role.REVIEWER, by=officer)
    for outcome in ("partly", "effective"):
        verify_treatment(row, outcome=outcome, grounds="Drift alarms of May", verified_on=today, actor=reviewer)
    looks = list(row.verifications.order_by("pk"))
    assert [(look.outcome, trace_of(look.ref)) for look in looks] == [
        ("partly", ["risk.verified"]),
        ("effective", ["risk.verified"]),
    ]
    with pytest.raises(NotWritable):
        verify_treatment(row, outcome="effective", grounds=" ", verified_on=today, actor=reviewer)
    with pytest.raises(NotWritable):
        verify_treatment(row, outcome="splendid", grounds="Seen", verified_on=today, actor=reviewer)
    with pytest.raises(NotVerifiable):
        verify_treatment(row, outcome="effective", grounds="S", verified_on=today + timedelta(1), actor=reviewer)
    with pytest.raises(NotVerifiable, match="no treatment"):
        verify_treatment(
            a_risk(officer, option=""), outcome="effective", grounds="S", verified_on=today, actor=reviewer
        )
    owner = a_member(aims, Role.OWNER, by=officer)
    with pytest.raises(NotAllowed):
        verify_treatment(row, outcome="effective", grounds="S", verified_on=today, actor=owner)


def test_an_impact_feeds_a_risk_once_whatever_its_edition(aims: Aims, officer: Actor) -> None:
    assessment = a_decided_assessment(officer, an_approver(aims, officer))
    impact, row = Impact.objects.get(assessment=assessment), a_risk(officer)
    link = feed(row, impact, actor=officer)
    later = clone_edition(assessment, reason="New users", actor=officer)
    again = feed(row, Impact.objects.get(assessment=later), actor=officer)
    assert again.pk == link.pk
    assert trace_of(row.ref) == ["risk.registered", "risk.fed"]
    stop_feeding(link, seen=1, actor=officer)
    assert RiskImpact.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert trace_of(row.ref)[-1] == "risk.feed_withdrawn"


def test_sources_and_objectives_are_data_with_own_words_beside(aims: Aims, officer: Actor) -> None:
    assert (len(terms("sources")), len(terms("objectives"))) == (7, 11)
    row = a_risk(officer, source_kind="machine LEARNING", objective="Our promise to donors")
    assert (row.source_kind, term_label("sources", row.source_kind)) == ("machine_learning", "Machine learning")
    assert term_label("objectives", row.objective) == "Our promise to donors"
    assert term_value("sources", " Level  of automation ") == "automation"


def test_the_library_names_only_what_there_is(aims: Aims) -> None:
    sources, objectives = ({term.code for term in terms(kind)} for kind in ("sources", "objectives"))
    codes = set(Requirement.objects.linkable().values_list("code", flat=True))
    for threat in threats():
        assert threat.source in sources
        assert threat.objective in objectives
        assert set(threat.controls) <= codes
    assert {"poisoning", "model_stealing", "inversion", "prompt_injection", "drift", "automation_bias"} <= {
        threat.code for threat in threats()
    }


def test_own_references_are_unique_and_treatment_ends_after_it_begins(aims: Aims, officer: Actor) -> None:
    a_risk(officer, reference="BIAS-1")
    with pytest.raises(NotWritable, match="R-001"):
        a_risk(officer, reference="BIAS-1")
    other = a_risk(officer)
    today = clock.today(aims.time_zone)
    with pytest.raises(NotWritable, match="before it begins"):
        edit_risk(other, seen=1, actor=officer, starts_on=today, due_on=today - timedelta(1))


def a_register(officer: Actor) -> tuple[Risk, Risk]:
    owner = User.objects.get(pk=officer.user_id)
    due = clock.today("UTC") + timedelta(90)
    first = a_risk(officer, owner=owner, due_on=due, residual_likelihood=2, residual_severity=5)
    treat(first, a_control(), actor=officer)
    return first, a_risk(officer, owner=owner, option="retain", title="Answers are late")


def test_approving_accepts_what_remains_and_freezes_it(aims: Aims, officer: Actor) -> None:
    a_register(officer)
    approver = an_approver(aims, officer)
    plan = submit_plan(note="First", actor=officer)
    assert Task.objects.get(kind="treatment_plan.decide").owner_id == approver.user_id
    with pytest.raises(NotSubmittable, match="TP-1 waits"):
        submit_plan(actor=officer)
    plan = approve_plan(plan, reason="In proportion", seen=1, actor=approver)
    assert plan.state == PlanState.APPROVED
    assert {row.accepted_by_id for row in Risk.objects.all()} == {approver.user_id}
    assert trace_of(plan.ref) == ["treatment_plan.submitted", "treatment_plan.approved"]
    assert not Task.objects.filter(kind="treatment_plan.decide", closed_at__isnull=True).exists()
    body = json.loads(bytes(plan.frozen))
    assert [risk["acceptance"]["reason"] for risk in body["risks"]] == ["With treatment plan TP-1: In proportion"] * 2
    shown = lines_of(TreatmentPlan.objects.get())
    assert [(line.code, line.facts["controls"], line.after.label if line.after else "") for line in shown] == [
        ("R-001", ["A.9.2"], "High"),
        ("R-002", [], "Moderate"),
    ]
    with pytest.raises(NotSubmittable, match="Nothing has changed"):
        submit_plan(actor=officer)


def test_a_later_plan_supersedes_and_what_was_approved_never_changes(aims: Aims, officer: Actor) -> None:
    first, _second = a_register(officer)
    approver = an_approver(aims, officer)
    one = approve_plan(submit_plan(actor=officer), reason="Fine", seen=1, actor=approver)
    held = bytes(one.frozen)
    edit_risk(
        Risk.objects.get(pk=first.pk), seen=Risk.objects.get(pk=first.pk).version, actor=officer, title="Other words"
    )
    two = approve_plan(submit_plan(actor=officer), reason="Fine", seen=1, actor=approver)
    one.refresh_from_db()
    assert (one.state, two.state, two.number, bytes(one.frozen)) == (PlanState.SUPERSEDED, PlanState.APPROVED, 2, held)


def test_two_people_and_an_unchanged_register_are_needed(aims: Aims, officer: Actor) -> None:
    first, _second = a_register(officer)
    both = a_member(aims, Role.OFFICER, Role.APPROVER, by=officer)
    plan = submit_plan(actor=both)
    with pytest.raises(NotDecidable, match="Someone else"):
        approve_plan(plan, reason="Mine", seen=1, actor=both)
    with pytest.raises(NotAllowed):
        approve_plan(plan, reason="Mine", seen=1, actor=officer)
    approver = an_approver(aims, officer)
    with pytest.raises(Conflict):
        approve_plan(plan, reason="Late", seen=7, actor=approver)
    edit_risk(first, seen=first.version, actor=officer, plan="Another plan")
    with pytest.raises(NotDecidable, match="has changed"):
        approve_plan(plan, reason="Fine", seen=1, actor=approver)
    returned = return_plan(plan, reason="Look at R-001", seen=1, actor=approver)
    assert (returned.state, returned.decision_note) == (PlanState.RETURNED, "Look at R-001")
    assert submit_plan(actor=officer).number == 2


def test_whoever_scored_a_risk_does_not_accept_it_with_the_plan(aims: Aims, officer: Actor) -> None:
    scorer = a_member(aims, Role.OFFICER, Role.APPROVER, by=officer)
    a_risk(scorer)
    plan = submit_plan(actor=officer)
    with pytest.raises(NotDecidable, match="R-001"):
        approve_plan(plan, reason="Mine", seen=1, actor=scorer)
    assert Risk.objects.get().accepted_at is None


def test_what_is_high_needs_a_decision_and_severe_may_not_remain(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotSubmittable, match="no risk"):
        submit_plan(actor=officer)
    row = register_risk(title="Theft", likelihood=5, severity=5, actor=officer)
    with pytest.raises(NotSubmittable, match="R-001"):
        submit_plan(actor=officer)
    row = edit_risk(row, seen=1, actor=officer, option="modify", residual_likelihood=4, residual_severity=4)
    with pytest.raises(NotSubmittable, match="R-001"):
        submit_plan(actor=officer)
    assert any("Severe" in gap for gap in plan_lines()[0].gaps)
    edit_risk(row, seen=row.version, actor=officer, residual_likelihood=1)
    assert submit_plan(actor=officer).number == 1


def test_the_plan_of_many_risks_costs_three_queries(
    aims: Aims, officer: Actor, django_assert_num_queries: object
) -> None:
    for _number in range(3):
        a_risk(officer)
    with django_assert_num_queries(3):  # type: ignore[operator]
        plan_lines()
    for _number in range(9):
        treat(a_risk(officer), a_control(), actor=officer)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(plan_lines()) == 12


def test_a_draft_impact_can_feed_too(aims: Aims, officer: Actor) -> None:
    impact = an_impact(an_assessment(officer), officer)
    assert feed(a_risk(officer), impact, actor=officer).impact_id == impact.pk


def test_what_blocks_a_plan_is_what_the_criteria_say(aims: Aims, officer: Actor) -> None:
    moderate = a_risk(officer, likelihood=2, severity=3, option="")
    assert [line.code for line in plan_lines() if line.blocks] == [moderate.code]
    edit_risk(moderate, seen=1, actor=officer, option="retain", residual_likelihood=None)
    assert [line.code for line in plan_lines() if line.blocks] == [moderate.code]  # nothing that could be accepted
    treat(edit_risk(moderate, seen=2, actor=officer, option="modify"), a_control(), actor=officer)
    assert not any(line.blocks for line in plan_lines())
    nobody = {"accepts": {"low": ["owner"], "moderate": ["approver"], "high": [], "severe": []}}
    newer(officer, acceptable_up_to="moderate", **nobody)
    a_risk(officer, likelihood=2, severity=3, option="")  # acceptable by now
    high = a_risk(officer, residual_likelihood=3, residual_severity=4)
    lines = {line.code: line for line in plan_lines()}
    assert [code for code, line in lines.items() if line.blocks] == [high.code]
    assert "Nobody may accept High; treat it further." in lines[high.code].gaps
    with pytest.raises(NotSubmittable, match=f"nobody may accept: {high.code}"):
        submit_plan(actor=officer)
