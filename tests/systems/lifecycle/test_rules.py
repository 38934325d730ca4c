"""Rules of gates, functions and advice: who may write them, what they ask for at a gate, and what is kept of it."""

from typing import Any

import pytest

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement
from systems.actions import advise, end_function, name_function, set_rule, sign_move
from systems.lifecycle.gates import gate_of
from systems.models import Advice, AiSystem, FunctionHolder, GateRule
from tests.make import a_member, trace_of
from tests.systems.make import a_reliance, a_signer, a_system, asked, at_the_gate, complete, person_of

DPO = "Data protection officer"
BOTH: dict[str, Any] = {
    "all": [{"role": "approver"}, {"where": ["EU"], "rule": {"function": "data-protection-officer"}}]
}


@pytest.fixture
def signer(aims: Aims, officer: Actor) -> Actor:
    return a_signer(aims, officer)


@pytest.fixture
def privacy(aims: Aims, officer: Actor) -> Actor:
    """The data protection officer, who is a reviewer by role."""
    actor = a_member(aims, Role.REVIEWER, by=officer)
    name_function(DPO, person_of(actor), actor=officer)
    return actor


def ruled(actor: Actor, body: Any = BOTH, seen: int = 0, **of: Any) -> GateRule:
    return set_rule(body, reason="Two have to agree", seen=seen, actor=actor, **(of or {"stage": "deployment"}))


def test_each_jurisdiction_brings_its_own_authority(aims: Aims, officer: Actor, signer: Actor, privacy: Actor) -> None:
    ruled(officer)
    system = at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    move = sign_move(asked(system, officer), seen=1, actor=signer)
    assert (move.state, move.version, AiSystem.objects.get().stage) == ("proposed", 2, "verification")
    assert move.judgement["missing"] == [{"function": "data-protection-officer"}]
    with pytest.raises(NotAllowed, match="somebody signed for it already"):
        sign_move(move, seen=2, actor=a_signer(aims, officer))
    move = sign_move(move, seen=2, actor=privacy)
    assert (move.state, AiSystem.objects.get().stage) == ("signed", "deployment")
    assert trace_of(move.ref) == ["system.move_asked", "system.move_signed", "system.move_signed"]
    assert {"function": "data-protection-officer"} in move.judgement["necessary"]
    assert move.judgement["versions"] == {"deployment": 1}
    assert move.judgement["places"] == ["eu-west-1"]


def test_elsewhere_the_same_rule_asks_for_one(aims: Aims, officer: Actor, signer: Actor, privacy: Actor) -> None:
    ruled(officer)
    there = {"deployment": {"environment": "production", "regions": ["us-east-1"]}}
    system = complete(a_system(officer, owner=person_of(officer)), officer, **there)
    system = at_the_gate(system, officer, signer, is_complete=True)
    assert sign_move(asked(system, officer), seen=1, actor=signer).state == "signed"


def test_who_signs_for_one_authority_does_not_sign_for_another(
    aims: Aims, officer: Actor, signer: Actor, privacy: Actor
) -> None:
    name_function(DPO, person_of(signer), actor=officer)
    ruled(officer)
    system = at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    move = sign_move(asked(system, officer), seen=1, actor=signer, authority="function:data-protection-officer")
    with pytest.raises(Refusal, match="signed this move already"):
        sign_move(move, seen=2, actor=signer)
    assert sign_move(move, seen=2, actor=a_signer(aims, officer)).state == "signed"


def test_a_control_brings_its_rule_to_every_system_that_relies_on_it(aims: Aims, officer: Actor, signer: Actor) -> None:
    ruled(officer, {"role": "officer"}, requirement=Requirement.objects.get(code="A.6.2.4"))
    system = a_system(officer, owner=person_of(officer))
    system.aims = aims
    ready = gate_of(system, "operation").waiting_for({})
    a_reliance(officer, system)
    joined = gate_of(system, "operation")
    assert [leaf.key for leaf in ready] == ["approver"]
    assert [leaf.key for leaf in joined.waiting_for({})] == ["approver", "officer"]
    assert joined.versions == {"A.6.2.4": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"checks": "mandatory"}, "nobody would have to sign"),
        ({"where": ["EU"], "rule": {"role": "approver"}}, "nobody would have to sign"),
        ({"any": [{"role": "approver"}, {"check": "logging"}]}, "nobody would have to sign"),
        ({"function": "product-owner"}, "Nobody holds"),
        ({"role": "wizard"}, "Nobody signs"),
        ("approver", "object"),
    ],
)
def test_a_rule_that_does_not_hold_is_refused_and_nothing_kept(
    aims: Aims, officer: Actor, body: Any, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as caught:
        ruled(officer, body)
    assert caught.value.field == "body"
    assert not GateRule.objects.exists()


def test_rules_have_versions_reasons_and_a_trace(aims: Aims, officer: Actor, privacy: Actor) -> None:
    first = ruled(officer)
    with pytest.raises(Refusal, match="why the rule changes"):
        set_rule(BOTH, reason=" ", seen=1, actor=officer, stage="deployment")
    with pytest.raises(Conflict):
        ruled(officer, {"role": "approver"}, seen=2)
    later = ruled(officer, {"role": "approver"}, seen=1)
    assert (later.pk, later.version, later.history.count()) == (first.pk, 2, 2)
    assert ruled(officer, {"role": "approver"}, seen=2).version == 2
    assert trace_of("gate-rule:deployment") == ["gate.ruled", "gate.ruled"]
    for stage in ("design", ""):
        with pytest.raises(Refusal, match="Choose a gate"):
            ruled(officer, stage=stage)


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_only_stewards_rule_and_name(aims: Aims, officer: Actor, role: Role) -> None:
    member = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed):
        ruled(member, {"role": "approver"})
    with pytest.raises(NotAllowed):
        name_function(DPO, person_of(officer), actor=member)
    assert not FunctionHolder.objects.exists()


def test_a_function_is_given_by_somebody_else_and_ended_with_a_reason(aims: Aims, officer: Actor) -> None:
    with pytest.raises(Refusal, match="cannot name yourself"):
        name_function(DPO, person_of(officer), actor=officer)
    person = person_of(a_member(aims, Role.REVIEWER, by=officer))
    row = name_function(f" {DPO} ", person, actor=officer)
    assert (row.name, row.key) == (DPO, "data-protection-officer")
    with pytest.raises(Refusal, match="already"):
        name_function(DPO.upper(), person, actor=officer)
    with pytest.raises(Refusal) as caught:
        end_function(row, reason="", seen=1, actor=officer)
    assert caught.value.field == "reason"
    end_function(row, reason="Left", seen=1, actor=officer)
    assert trace_of(row.ref) == ["function.named", "function.ended"]
    assert name_function(DPO, person, actor=officer).pk != row.pk


def test_advice_is_shown_at_the_gate_and_shuts_nothing(
    aims: Aims, officer: Actor, signer: Actor, privacy: Actor
) -> None:
    system = at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    with pytest.raises(NotAllowed):
        advise(system, text="Fine", actor=officer)
    with pytest.raises(Refusal, match="what you advise"):
        advise(system, text=" ", actor=privacy)
    given = advise(system, text="Do not do this", actor=privacy)
    assert (given.given_by_id, given.judged_version) == (privacy.user_id, system.version)
    assert trace_of(system.ref)[-1] == "system.advised"
    move = sign_move(asked(system, officer), seen=1, actor=signer)
    [check] = [check for check in move.judgement["checks"] if check["key"] == "advice"]
    assert (move.state, check["state"]) == ("signed", "advice")
    assert "Do not do this" in check["note"]
    assert Advice.objects.count() == 1
