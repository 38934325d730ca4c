"""Moves through the actions: what is asked, signed, refused and recorded, and what nobody gets past."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.refusals import Conflict, NotAllowed, Refusal, StepUpNeeded
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from ledger.models import Record
from systems.actions import (
    Condition,
    ask_move,
    edit_system,
    meet_condition,
    move_stage,
    refuse_move,
    register,
    sign_move,
    withdraw_move,
)
from systems.actions.entering import GateShut
from systems.lifecycle.models import Mode
from systems.lifecycle.stages import FOLLOWS, Stage
from systems.models import AiSystem, Signature, Transition
from tests.make import a_member, trace_of
from tests.systems.make import (
    COMPLETE,
    HARM,
    a_signer,
    a_system,
    asked,
    at_the_gate,
    complete,
    in_operation,
    person_of,
    through_the_gate,
)


@pytest.fixture
def signer(aims: Aims, officer: Actor) -> Actor:
    return a_signer(aims, officer)


@pytest.fixture
def ready(aims: Aims, officer: Actor, signer: Actor) -> AiSystem:
    """A system before the gate of deployment, with everything it asks for."""
    return at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)


def unreviewed(officer: Actor, signer: Actor) -> AiSystem:
    """A system before the gate, with a supplier that nobody reviewed."""
    system = a_system(officer, owner=person_of(officer), in_scope=True)
    record = (
        COMPLETE | {"model": {"provider": "Halden"}} | {name: system.record[name] for name in ("id", "name", "owner")}
    )
    system = edit_system(system, record=record, seen=system.version, actor=officer)
    return at_the_gate(system, officer, signer, is_complete=True)


def tasks(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind, closed_at__isnull=True))


def test_the_stages_lead_on_as_the_vocabulary_says() -> None:
    assert set(FOLLOWS) == set(Stage)
    assert {stage for stage, ends in FOLLOWS.items() if Stage.OPERATION in ends} == {
        Stage.DEPLOYMENT, Stage.REEVALUATION, Stage.SUSPENDED,
    }  # fmt: skip
    assert all(Stage.RETIRED in ends for stage, ends in FOLLOWS.items() if stage != Stage.RETIRED)
    assert FOLLOWS[Stage.RETIRED] == (Stage.INCEPTION, Stage.REEVALUATION)


@pytest.mark.parametrize("stage", ["deployment", "operation", "re-evaluation", "suspended", "retired", "production"])
def test_no_system_begins_in_a_late_stage(aims: Aims, officer: Actor, stage: str) -> None:
    with pytest.raises(Refusal) as caught:
        register(actor=officer, name="Ranker", purpose="Ranks", stage=stage)
    assert caught.value.field == "stage"
    assert not AiSystem.objects.exists()


def test_one_person_makes_an_early_move_once_its_gate_is_met(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    with pytest.raises(GateShut, match="Somebody answers") as shut:
        ask_move(system, Stage.DESIGN, seen=1, actor=officer)
    assert [check.key for check in shut.value.missing] == ["owner", "scope"]
    assert shut.value.missing[0].address.endswith("/systems/SYS-01/record/identity/")
    assert not Transition.objects.exists()
    system = edit_system(system, owner=person_of(officer), seen=1, actor=officer)
    scoped = Condition("scope", "Say it", person_of(officer), clock.now().date())
    move = ask_move(system, Stage.DESIGN, seen=2, actor=officer, mode=Mode.PARTIAL, conditions=[scoped])
    assert (move.state, move.system.stage, move.system.came_by) == ("done", "design", move)
    assert trace_of("system:SYS-01")[-1] == "system.moved"
    assert trace_of("move:SYS-01.1") == ["system.move_asked"]
    assert [check["state"] for check in move.gates["checks"]] == ["met", "missing"]
    [task] = tasks("system.condition")
    assert (task.owner_id, task.subject) == (officer.user_id, "move:SYS-01.1/1")


def test_what_does_not_follow_is_refused(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, in_scope=True, owner=person_of(officer))
    for stage, words in (("operation", "does not follow"), ("suspended", "does not follow"), ("dreaming", "no stage")):
        with pytest.raises(Refusal, match=words) as caught:
            ask_move(system, stage, seen=2, actor=officer, reason="Why not", thought=HARM)
        assert caught.value.field == "stage"
    with pytest.raises(Refusal) as caught:
        ask_move(system, Stage.RETIRED, seen=2, actor=officer)
    assert caught.value.field == "reason"
    assert not Transition.objects.exists()


def test_a_move_waits_until_somebody_else_signs(ready: AiSystem, officer: Actor, signer: Actor) -> None:
    move = asked(ready, officer)
    assert (move.state, AiSystem.objects.get().stage) == ("proposed", "verification")
    [task] = tasks("system.sign")
    assert (task.owner_id, task.subject) == (signer.user_id, "move:SYS-01.3 role:approver")
    for actor, words in ((officer, "You asked"), (service("robot"), "person")):
        with pytest.raises(Refusal, match=words):
            sign_move(move, seen=1, actor=actor)
    signed = sign_move(move, seen=1, actor=signer, note="Read it all")
    assert (signed.state, signed.system.stage, signed.decided_by_id) == ("signed", "deployment", signer.user_id)
    assert trace_of(move.ref) == ["system.move_asked", "system.move_signed"]
    assert trace_of(ready.ref)[-1] == "system.moved"
    told = Record.objects.get(event="system.moved", subject=ready.ref, pk=Record.objects.latest("pk").pk)
    assert signer.pseudonym in bytes(told.body).decode()
    assert signed.judgement["is_satisfied"] is True
    assert {"role": "approver"} in signed.judgement["necessary"]
    assert tasks("system.sign") == []
    assert Signature.objects.get().authority == "role:approver"


def test_who_wrote_the_record_since_the_last_signature_does_not_sign(
    aims: Aims, ready: AiSystem, officer: Actor, signer: Actor
) -> None:
    both = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    system = edit_system(ready, record=ready.record | {"contact": "desk"}, seen=ready.version, actor=both)
    move = asked(system, officer)
    with pytest.raises(Refusal, match="You wrote part"):
        sign_move(move, seen=1, actor=both)
    system = sign_move(move, seen=1, actor=signer).system
    later = asked(system, officer, Stage.OPERATION)
    assert sign_move(later, seen=1, actor=both).system.stage == "operation"


def test_a_token_and_an_old_session_sign_nothing(ready: AiSystem, officer: Actor, signer: Actor) -> None:
    move = asked(ready, officer)
    for method in ("token assay_abc", "password"):
        with pytest.raises(StepUpNeeded):
            sign_move(move, seen=1, actor=replace(signer, has_stepped_up=False, auth_method=method))
    assert AiSystem.objects.get().stage == "verification"
    assert not Signature.objects.exists()


def test_a_record_that_changed_is_not_the_one_to_sign(ready: AiSystem, officer: Actor, signer: Actor) -> None:
    move = asked(ready, officer)
    edit_system(ready, record=ready.record | {"contact": "desk"}, seen=ready.version, actor=officer)
    with pytest.raises(Refusal, match="The record changed"):
        sign_move(move, seen=1, actor=signer)
    withdraw_move(move, reason="Ask again", seen=1, actor=officer)
    assert trace_of(move.ref)[-1] == "system.move_withdrawn"
    assert tasks("system.sign") == []
    again = asked(AiSystem.objects.select_related("aims").get(), officer)
    assert sign_move(again, seen=1, actor=signer).state == "signed"


def test_a_gate_that_shut_meanwhile_is_not_signed_through(ready: AiSystem, officer: Actor, signer: Actor) -> None:
    move = asked(ready, officer)
    with clock.standing_at(clock.now() + timedelta(days=400)), pytest.raises(GateShut, match="review of"):
        sign_move(move, seen=1, actor=signer)
    assert AiSystem.objects.get().stage == "verification"


def test_of_two_who_sign_one_wins_and_the_other_is_told(
    aims: Aims, ready: AiSystem, officer: Actor, signer: Actor
) -> None:
    move, second = asked(ready, officer), a_signer(aims, officer)
    sign_move(move, seen=1, actor=signer)
    with pytest.raises(Conflict, match="Someone else"):
        sign_move(move, seen=1, actor=second)
    with pytest.raises(Conflict):
        refuse_move(move, reason="No", seen=1, actor=second)
    with pytest.raises(Refusal, match="does not wait"):
        sign_move(move, seen=2, actor=second)
    assert Signature.objects.count() == 1


def test_only_one_move_waits_at_a_time(ready: AiSystem, officer: Actor) -> None:
    asked(ready, officer)
    with pytest.raises(Refusal, match="asked already"):
        asked(ready, officer)
    back = ask_move(ready, Stage.DESIGN, reason="Not ready", seen=ready.version, actor=officer)
    assert back.system.stage == "design"
    assert list(Transition.objects.order_by("number").values_list("state", flat=True)) == [
        "done", "done", "withdrawn", "done",
    ]  # fmt: skip


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.DEFER])
def test_a_refused_move_moves_nothing(ready: AiSystem, officer: Actor, signer: Actor, mode: Mode) -> None:
    move, day = asked(ready, officer), clock.now().date() + timedelta(days=30)
    with pytest.raises(NotAllowed):
        refuse_move(move, reason="No", seen=1, actor=officer)
    with pytest.raises(Refusal) as caught:
        refuse_move(move, reason=" ", seen=1, actor=signer)
    assert caught.value.field == "reason"
    if mode == Mode.DEFER:
        with pytest.raises(Refusal, match="a day to come"):
            refuse_move(move, reason="Not yet", mode=mode, look_again_on=clock.now().date(), seen=1, actor=signer)
    done = refuse_move(move, reason="Not yet", mode=mode, look_again_on=day, seen=1, actor=signer)
    assert (done.state, done.mode) == ({"refuse": "refused", "defer": "deferred"}[mode], mode)
    assert trace_of(move.ref)[-1] == "system.move_refused"
    assert AiSystem.objects.get().stage == "verification"
    assert [task.due_on for task in tasks("system.look_again")] == ([day] if mode == Mode.DEFER else [])
    assert tasks("system.sign") == []


def test_conditions_cover_what_may_stay_open_and_nothing_that_must_not(
    aims: Aims, officer: Actor, signer: Actor
) -> None:
    system = unreviewed(officer, signer)
    with pytest.raises(GateShut, match="Suppliers are reviewed"):
        asked(system, officer)
    due = clock.now().date() + timedelta(days=10)

    def told(**change: Any) -> Condition:
        return replace(Condition("suppliers", "Review Halden", person_of(signer), due), **change)

    for wrong in ((), (told(check="logging"),), (told(text=" "),), (told(due_on=None),), (told(owner=None),),
                  (told(due_on=due - timedelta(days=20)),)):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            asked(system, officer, mode=Mode.PARTIAL, conditions=wrong)
        assert caught.value.field == "conditions"
    move = asked(system, officer, mode=Mode.PARTIAL, conditions=[told()])
    move = sign_move(move, seen=1, actor=signer)
    assert (move.state, move.mode) == ("signed", "partial")
    [task] = tasks("system.condition")
    assert (task.owner_id, task.due_on) == (signer.user_id, due)
    with pytest.raises(Refusal, match="how it was met"):
        meet_condition(move, 1, note="", seen=2, actor=signer)
    met = meet_condition(move, 1, note="Reviewed", seen=2, actor=signer)
    assert (met.conditions[0]["met_on"], tasks("system.condition")) == (clock.today("UTC").isoformat(), [])
    assert trace_of(move.ref)[-1] == "system.condition_met"
    with pytest.raises(Refusal, match="met already"):
        meet_condition(met, 1, note="Again", seen=3, actor=signer)


def test_a_condition_covers_nothing_that_is_mandatory(aims: Aims, officer: Actor, signer: Actor) -> None:
    system = a_system(officer, owner=person_of(officer), in_scope=True)
    kept = {name: system.record[name] for name in ("id", "name", "owner")}
    system = edit_system(system, record=COMPLETE | {"data": {}} | kept, seen=system.version, actor=officer)
    system = at_the_gate(system, officer, signer, is_complete=True)
    left = Condition("data", "Later", person_of(officer), clock.now().date())
    with pytest.raises(GateShut, match="No source of data"):
        asked(system, officer, mode=Mode.PARTIAL, conditions=[left])
    assert Transition.objects.count() == 2


def test_signing_takes_what_was_thought_about_harm(ready: AiSystem, officer: Actor) -> None:
    for thought, field in ((replace(HARM, harm=" "), "harm"), (replace(HARM, reversing=""), "reversing")):
        with pytest.raises(Refusal) as caught:
            asked(ready, officer, thought=thought)
        assert caught.value.field == field


def test_every_way_back_into_operation_is_signed_again(aims: Aims, officer: Actor, signer: Actor) -> None:
    system = in_operation(a_system(officer, owner=person_of(officer)), officer, signer)
    for away in (Stage.SUSPENDED, Stage.REEVALUATION):
        system = move_stage(system, away, reason="An incident", seen=system.version, actor=officer)
        with pytest.raises(Refusal, match="signature of somebody else"):
            move_stage(system, Stage.OPERATION, reason="Mended", seen=system.version, actor=officer)
        system = through_the_gate(system, Stage.OPERATION, officer, signer)
    assert system.stage == "operation"
    system = move_stage(system, Stage.RETIRED, reason="Replaced", seen=system.version, actor=officer)
    assert trace_of(system.ref)[-1] == "system.retired"
    with pytest.raises(Refusal) as caught:
        move_stage(system, Stage.INCEPTION, seen=system.version, actor=officer)
    assert caught.value.field == "reason"
    assert move_stage(system, Stage.INCEPTION, reason="Once more", seen=system.version, actor=officer).stage


def test_a_machine_sends_back_and_does_nothing_else(aims: Aims, officer: Actor, signer: Actor) -> None:
    system = in_operation(a_system(officer, owner=person_of(officer)), officer, signer)
    for stage in (Stage.SUSPENDED, Stage.RETIRED):
        with pytest.raises(NotAllowed):
            move_stage(system, stage, reason="Limit", seen=system.version, actor=service("signals"))
    back = move_stage(system, Stage.REEVALUATION, reason="Limit", seen=system.version, actor=service("signals"))
    assert back.stage == "re-evaluation"
    with pytest.raises(NotAllowed):
        asked(back, service("signals"), Stage.OPERATION)


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_other_roles_neither_ask_nor_withdraw(aims: Aims, ready: AiSystem, officer: Actor, role: Role) -> None:
    member = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed):
        asked(ready, member)
    move = asked(ready, officer)
    with pytest.raises(NotAllowed):
        withdraw_move(move, reason="No", seen=1, actor=member)
    if role != Role.APPROVER:
        for verb in (sign_move, refuse_move):
            with pytest.raises(NotAllowed):
                verb(move, seen=1, actor=member, **({"reason": "No"} if verb is refuse_move else {}))
    assert Transition.objects.get(number=3).state == "proposed"


def test_an_incomplete_record_stays_out_whatever_else_is_there(aims: Aims, officer: Actor, signer: Actor) -> None:
    system = complete(a_system(officer, owner=person_of(officer)), officer)
    for stage in (Stage.DESIGN, Stage.VERIFICATION):
        system = move_stage(system, stage, seen=system.version, actor=officer)
    with pytest.raises(GateShut, match="An impact assessment is decided") as shut:
        asked(system, officer)
    [check] = shut.value.missing
    assert check.address.endswith("/assessments/new/?system=SYS-01")
