"""Meeting demands, saying what is touched, and deciding: by whom, when, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.refusals import Conflict, NotAllowed, Refusal, StepUpNeeded
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import clone_edition, decide_assessment, submit_assessment
from assessments.models import Assessment, Decision
from changes import ports as change_ports
from changes.actions import (
    Canary,
    Measured,
    Said,
    approve_change,
    declare_emergency,
    describe_change,
    meet_by_canary,
    meet_by_reference,
    meet_by_result,
    open_change,
    refuse_change,
    say_touched,
    take_effect,
    waive,
    withdraw_change,
)
from changes.actions.decide import Incomplete, OwnWork
from changes.actions.meet import NotDemanded
from changes.actions.plan import AlreadyOpen
from changes.actions.settle import StillStands
from changes.actions.shared import NotOpen, NotWritable
from changes.gate import keep_gate
from changes.models import ChangeState, Effect
from changes.ports import Evaluation
from duties.models import Task
from ledger.models import Record
from operations.models import Sense
from systems.models import AiSystem
from systems.ports import gate_checks
from tests.assessments.make import a_risk
from tests.changes.make import (
    FAILED,
    PASSED,
    WENT_WELL,
    a_change,
    a_live_system,
    a_plan,
    again,
    an_approver,
    edited,
    ready,
)
from tests.make import a_member, trace_of
from tests.operations.make import an_evaluation
from tests.systems.make import person_of

pytestmark = pytest.mark.db_both


def test_a_change_that_lacks_something_is_refused_with_what_and_where(aims: Aims, officer: Actor) -> None:
    a_risk(officer, system=(system := a_live_system(officer)))
    row = a_change(officer, system)
    with pytest.raises(Incomplete) as refused:
        approve_change(row, seen=row.version, actor=an_approver(aims, officer))
    base = f"/a/{aims.slug}/changes/{row.code}/"
    assert [(lack.key, lack.address) for lack in refused.value.lacks] == [
        ("evaluation", f"{base}meet/evaluation/"),
        ("canary", f"{base}meet/canary/"),
        ("touched", f"{base}touched/"),
    ]
    assert again(row).state == ChangeState.OPEN


def test_who_made_it_does_not_approve_it_and_somebody_else_does(aims: Aims, officer: Actor) -> None:
    row = ready(a_change(officer), officer)
    assert row.state == ChangeState.UNDER_TEST
    with pytest.raises(OwnWork):
        approve_change(row, seen=row.version, actor=officer)
    approver = an_approver(aims, officer)
    done = approve_change(row, reason="Fine", seen=row.version, actor=approver)
    assert (done.state, done.decided_by_id, done.decision_reason) == (ChangeState.APPROVED, approver.user_id, "Fine")
    told = Record.objects.get(subject=row.ref, event="change.approved")
    assert b'"mode":"continue"' in bytes(told.body)
    assert not Task.objects.filter(subject=row.ref, closed_at=None).exists()
    done = take_effect(done, seen=done.version, actor=officer)
    assert done.state == ChangeState.IN_EFFECT
    assert done.in_effect_at is not None


def test_who_met_a_demand_had_a_hand_in_it(aims: Aims, officer: Actor) -> None:
    helper = a_member(aims, Role.OFFICER, by=officer)
    row = a_change(officer)
    meet_by_result(row, PASSED, seen=row.version, actor=helper)
    row = ready(row, officer)
    with pytest.raises(OwnWork):
        approve_change(row, seen=row.version, actor=helper)


def test_approving_takes_a_role_and_somebody_who_has_just_confirmed_who_they_are(aims: Aims, officer: Actor) -> None:
    row = ready(a_change(officer), officer)
    with pytest.raises(NotAllowed):
        approve_change(row, seen=row.version, actor=a_member(aims, Role.REVIEWER, by=officer))
    with pytest.raises(NotAllowed):
        approve_change(row, seen=row.version, actor=service("robot"))
    with pytest.raises(StepUpNeeded):
        approve_change(row, seen=row.version, actor=replace(an_approver(aims, officer), has_stepped_up=False))
    assert again(row).state == ChangeState.UNDER_TEST


def test_of_two_who_decide_at_once_the_second_sees_what_the_first_did(aims: Aims, officer: Actor) -> None:
    first, second = an_approver(aims, officer), an_approver(aims, officer)
    row = ready(a_change(officer), officer)
    approve_change(row, seen=row.version, actor=first)
    with pytest.raises(Conflict) as lost:
        refuse_change(row, reason="No", seen=row.version, actor=second)
    assert lost.value.current.state == ChangeState.APPROVED
    with pytest.raises(NotOpen):
        refuse_change(row, reason="No", seen=again(row).version, actor=second)


def test_a_refusal_has_a_reason_and_keeps_the_gate_shut_until_it_is_taken_back(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer, stage="re-evaluation")
    row = a_change(officer, system)
    approver = an_approver(aims, officer)
    with pytest.raises(NotWritable):
        refuse_change(row, reason=" ", seen=row.version, actor=approver)
    row = refuse_change(row, reason="Unsafe", seen=row.version, actor=approver)
    system = AiSystem.objects.select_related("aims").get(pk=system.pk)
    assert [check.state for check in keep_gate(system, "operation")] == ["failing"]
    edited(officer, system, model_version="2.6.0")
    taken_back = again(row)
    assert taken_back.state == ChangeState.REFUSED
    system.refresh_from_db()
    assert [check.state for check in keep_gate(system, "operation")] == ["missing"]  # going back is a change too


def test_the_gate_of_use_is_shut_while_a_change_is_open(aims: Aims, officer: Actor) -> None:
    system = AiSystem.objects.select_related("aims").get(pk=a_live_system(officer, stage="verification").pk)
    assert [check.state for check in keep_gate(system, "deployment")] == ["met"]
    row = a_change(officer, system)
    for stage in ("deployment", "operation"):
        check = next(check for check in gate_checks(system, stage) if check.key == "change")
        assert (check.state, check.address) == ("missing", f"/a/{aims.slug}/changes/{row.code}/")
    assert not list(keep_gate(system, "re-evaluation"))
    row = ready(row, officer)
    approve_change(row, seen=row.version, actor=an_approver(aims, officer))
    assert [check.state for check in keep_gate(system, "deployment")] == ["met"]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (PASSED, "met"),
        (FAILED, "failed"),
        (Measured("Set", Decimal("0.85"), Decimal("0.85")), "met"),
        (Measured("Errors", Decimal(3), Decimal(2), lower_is_better=True), "failed"),
        (Measured("Errors", Decimal(2), Decimal(2), lower_is_better=True), "met"),
    ],
)
def test_a_result_is_held_to_its_limit(aims: Aims, officer: Actor, said: Measured, state: str) -> None:
    row = a_change(officer)
    demand = meet_by_result(row, said, seen=row.version, actor=officer)
    assert (demand.state, demand.by_id) == (state, officer.user_id)
    assert trace_of(demand.ref) == ["demand.met"]
    assert again(row).version == row.version + 1


def test_a_service_delivers_results_and_waives_nothing(aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    robot = service("evaluator")
    meet_by_result(row, PASSED, seen=row.version, actor=robot)
    with pytest.raises(NotAllowed):
        waive(row, "canary", reason="Small", seen=again(row).version, actor=robot)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Canary(Decimal(0), 4, has_passed=True), "share"),
        (Canary(Decimal(101), 4, has_passed=True), "share"),
        (Canary(Decimal(5), 0, has_passed=True), "hours"),
        (Canary(Decimal(5), 4, has_passed=False), "note"),
    ],
)
def test_a_canary_that_cannot_be_is_refused(aims: Aims, officer: Actor, said: Canary, field: str) -> None:
    row = a_change(officer)
    with pytest.raises(NotWritable) as refused:
        meet_by_canary(row, said, seen=row.version, actor=officer)
    assert refused.value.field == field
    assert again(row).version == row.version


def test_a_canary_that_went_badly_is_kept_as_failed(aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    bad = Canary(Decimal(5), 4, has_passed=False, note="Slower")
    assert meet_by_canary(row, bad, seen=row.version, actor=officer).state == "failed"
    assert meet_by_canary(row, WENT_WELL, seen=again(row).version, actor=officer).note == ""


def test_an_evaluation_cannot_be_left_out_and_a_canary_can_with_a_reason(aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    with pytest.raises(NotDemanded):
        waive(row, "evaluation", reason="No time", seen=row.version, actor=officer)
    with pytest.raises(NotWritable):
        waive(row, "canary", reason=" ", seen=row.version, actor=officer)
    with pytest.raises(NotDemanded):
        waive(row, "assessment", reason="Nobody", seen=row.version, actor=officer)
    assert waive(row, "canary", reason="Runs at night", seen=row.version, actor=officer).state == "waived"


def test_an_assessment_is_refreshed_by_an_edition_decided_after_the_change(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    approver = an_approver(aims, officer)
    earlier = Assessment.objects.get(system=system)
    row = a_plan(officer, system, kinds=["purpose"])
    with pytest.raises(NotWritable):
        meet_by_reference(row, "assessment", earlier.ref, seen=row.version, actor=officer)
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        later = clone_edition(earlier, reason="A new use", actor=officer)
        later = submit_assessment(later, seen=later.version, actor=officer)
        outcome = {"reason": "Fine", "next_review_on": clock.today(aims.time_zone) + timedelta(days=90)}
        later = decide_assessment(later, Decision.PROCEED, seen=later.version, actor=approver, **outcome)
    demand = meet_by_reference(row, "assessment", later.ref, seen=row.version, actor=officer)
    assert (demand.state, demand.reference) == ("met", later.ref)


def test_an_evaluation_that_another_room_keeps_meets_the_demand(
    aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = a_change(officer)
    kept = Evaluation("evaluation:EV-1", "Run 1", "Recall", Decimal(1), Decimal(1), True, clock.now(), "/")
    monkeypatch.setattr(change_ports, "_evaluations", [lambda system, since: [kept] if since == row.opened_at else []])
    with pytest.raises(NotWritable):
        meet_by_reference(row, "evaluation", "evaluation:EV-2", seen=row.version, actor=officer)
    demand = meet_by_reference(row, "evaluation", kept.ref, seen=row.version, actor=officer)
    assert (demand.state, demand.reference, demand.benchmark) == ("met", kept.ref, "Recall")


def test_an_evaluation_of_operations_meets_the_demand(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    row = a_change(officer, system)
    judged = {"metric": "recall", "sense": Sense.AT_LEAST, "threshold": Decimal("0.9")}
    an_evaluation(officer, system, done_at=row.opened_at - timedelta(days=1), **judged)
    an_evaluation(officer, system, model_version="2.7.2")  # nothing says when it passes
    kept = an_evaluation(officer, system, model_version="2.7.1", **judged)
    assert [each.ref for each in change_ports.evaluations_since(row.system, row.opened_at)] == [kept.ref]
    demand = meet_by_reference(row, "evaluation", kept.ref, seen=row.version, actor=officer)
    assert (demand.reference, demand.benchmark) == (kept.ref, "holdout")
    assert (demand.state, demand.value, demand.threshold) == ("met", Decimal("0.93"), Decimal("0.9"))


def test_what_is_touched_is_said_row_by_row_with_a_reason_for_none(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer, stage="verification", owner=person_of(officer))
    for title in ("Drift", "Bias"):
        a_risk(officer, system=system, title=title)
    row = a_change(officer, system)
    first, second = row.touched.all()
    for said in ({first.pk: Said(Effect.NONE)}, {first.pk: Said("maybe", "x")}, {0: Said(Effect.TOUCHED)}):
        with pytest.raises(NotWritable):
            say_touched(row, said, seen=row.version, actor=officer)
    say_touched(row, {first.pk: Said(Effect.TOUCHED)}, seen=row.version, actor=officer)
    assert Task.objects.filter(kind="change.touches", closed_at=None).count() == 1
    say_touched(row, {second.pk: Said(Effect.NONE, "Same data")}, seen=again(row).version, actor=officer)
    assert not Task.objects.filter(kind="change.touches", closed_at=None).exists()
    assert [thing.effect for thing in row.touched.all()] == ["touched", "none"]
    assert trace_of(second.ref) == ["touched.said"]
    seen = again(row).version
    say_touched(row, {second.pk: Said(Effect.NONE, "Same data")}, seen=seen, actor=officer)
    assert again(row).version == seen
    edited(officer, system, model_version="2.8")
    assert [thing.effect for thing in row.touched.all()] == ["touched", "unsaid"]  # the reason spoke of an earlier edit


def test_an_emergency_is_in_effect_at_once_and_approved_by_a_day(aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    today = clock.today(aims.time_zone)
    for wrong in ({"reason": " "}, {"reason": "Fire", "approve_by": today - timedelta(days=1)},
                  {"reason": "Fire", "approve_by": today + timedelta(days=6)}):  # fmt: skip
        with pytest.raises(NotWritable):
            declare_emergency(row, seen=row.version, actor=officer, **wrong)  # type: ignore[arg-type]
    row = declare_emergency(row, reason="Patch of a leak", seen=row.version, actor=officer)
    assert (row.is_emergency, row.approve_by) == (True, today + timedelta(days=5))
    assert row.in_effect_at is not None
    approver = an_approver(aims, officer)
    row = ready(row, officer)
    task = Task.objects.get(kind="change.decide", subject=row.ref, closed_at=None)
    assert task.due_on == row.approve_by
    with pytest.raises(StillStands):
        withdraw_change(row, reason="Over", seen=row.version, actor=officer)
    assert approve_change(row, seen=row.version, actor=approver).state == ChangeState.IN_EFFECT


def test_withdrawing_goes_round_no_approval(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    row = a_change(officer, system)
    with pytest.raises(StillStands):
        withdraw_change(row, reason="Never mind", seen=row.version, actor=officer)
    edited(officer, system, model_version="2.6.0")
    row = withdraw_change(row, reason="Taken back", seen=again(row).version, actor=officer)
    assert row.state == ChangeState.WITHDRAWN
    plan = a_plan(officer, system)
    assert withdraw_change(plan, reason="Failed in test", seen=plan.version, actor=officer).state == "withdrawn"
    assert trace_of(plan.ref)[-1] == "change.withdrawn"


def refusals(aims: Aims, officer: Actor, system: AiSystem) -> list[tuple[type[Refusal], dict[str, Any]]]:
    """What cannot be planned, and how it is refused."""
    reviewer = a_member(aims, Role.REVIEWER, by=officer)
    return [
        (NotWritable, {"kinds": [], "title": "Nothing"}),
        (NotWritable, {"kinds": ["colour"], "title": "Strange"}),
        (NotWritable, {"kinds": ["model"], "title": " "}),
        (NotWritable, {"kinds": ["model"], "title": "x" * 161}),
        (NotAllowed, {"kinds": ["model"], "title": "Not mine", "actor": reviewer}),
        (NotAllowed, {"kinds": ["model"], "title": "A machine's", "actor": service("robot")}),
    ]


def test_a_plan_says_what_changes_and_there_is_one_at_a_time(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    for kind, said in refusals(aims, officer, system):
        with pytest.raises(kind):
            open_change(system, **{"actor": officer} | said)
    plan = a_plan(officer, system, kinds=["purpose", "model"])
    assert (plan.kinds, plan.is_planned, plan.to_version) == (["model", "purpose"], True, None)
    assert [demand.kind for demand in plan.demands.all()] == ["assessment", "evaluation", "canary"]
    with pytest.raises(AlreadyOpen):
        a_plan(officer, system)


def test_a_change_is_put_into_words(aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    row = describe_change(row, title="2.7.1 by supplier", summary="A patch.", seen=row.version, actor=officer)
    assert (row.title, row.summary) == ("2.7.1 by supplier", "A patch.")
    same = describe_change(row, title="2.7.1 by supplier", summary="A patch.", seen=row.version, actor=officer)
    assert same.version == row.version
    with pytest.raises(NotAllowed):
        describe_change(row, title="X", summary="", seen=row.version, actor=a_member(aims, Role.REVIEWER, by=officer))
