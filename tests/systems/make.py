"""Typed makers of AI systems; each goes through the actions."""

from copy import deepcopy
from itertools import count
from typing import Any

from accounts.actor import Actor, service
from accounts.models import User
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement
from policies.actions import write_policy
from policies.models import Policy
from systems.actions import Thought, ask_move, edit_system, register, rely_on, say_scope, sign_move
from systems.actions.judge import note_judging
from systems.judging.work import judge_all, read
from systems.lifecycle.stages import Stage
from systems.models import AiSystem, Reliance, Transition
from tests.assessments.make import a_decided_assessment
from tests.make import a_member

_number = count(1)
COMPLETE: dict[str, Any] = {
    "deployment": {"environment": "production", "regions": ["eu-west-1"]},
    "classification": {"purpose": "Answers questions", "data_sensitivity": "internal", "risk_tier": "moderate"},
    "data": {"sources": [{"name": "Articles", "kind": "retrieval", "provenance": "Written by us"}]},
    "logging": {"enabled": True, "events": ["answers"], "retention_days": 400, "readers": ["support"]},
    "monitoring": {"enabled": True, "signals": ["refusals"], "owner": "support"},
    "governance": {"escalation": {"contact": "support", "stop_authority": "head of support"}},
    "lifecycle": {"stage": "verification"},
}
POLICY = """# METADATA
# title: The purpose is said
# custom:
#   controls: [A.6.2.2]
#   due_from: deployment
package test.purpose

deny contains "classification.purpose is missing" if not input.classification.purpose
"""
HARM = Thought("A customer is told something wrong.", is_reversible=True, reversing="The last release is put back.")


def a_system(actor: Actor, *, name: str = "", in_scope: bool | None = None, **facts: Any) -> AiSystem:
    """A registered system; `in_scope` says its scope too."""
    facts = {"purpose": "Answers questions of customers"} | facts
    system = register(actor=actor, name=name or f"System {next(_number)}", **facts)
    if in_scope is None:
        return system
    return say_scope(system, is_in_scope=in_scope, reason="Customers meet it", seen=system.version, actor=actor)


def judged() -> None:
    """Have every system judged as it is now, by one policy at least, as a worker does after an edit."""
    if not Policy.objects.exists():
        write_policy("test_purpose", POLICY, actor=service("policies"))
    note_judging(judge_all(read()), occasion="asked", by_id=None, actor=service("judge"))


def complete(system: AiSystem, actor: Actor, **places: Any) -> AiSystem:
    """The system with everything in its record that the gates ask for, an owner and its scope said."""
    kept = system.record | deepcopy(COMPLETE) | places
    kept["classification"] = COMPLETE["classification"] | {"purpose": system.purpose}
    if system.supplier:
        kept["suppliers"] = [{"name": system.supplier, "due_diligence": "passed"}]
    kept["owner"] = system.owner.email if system.owner else actor.email
    system = edit_system(system, record=kept, seen=system.version, actor=actor)
    if system.is_in_scope is None:
        system = say_scope(system, is_in_scope=True, reason="Customers meet it", seen=system.version, actor=actor)
    return system


def at_the_gate(system: AiSystem, actor: Actor, signer: Actor, *, is_complete: bool = False) -> AiSystem:
    """The system in verification with everything that the gates of deployment and operation ask for."""
    if not is_complete:
        system = complete(system, actor)
    judged()
    a_decided_assessment(actor, signer, system)
    for stage in (Stage.DESIGN, Stage.VERIFICATION):
        if list(Stage).index(stage) > list(Stage).index(Stage(system.stage)):
            system = ask_move(system, stage, seen=system.version, actor=actor).system
    return system


def asked(system: AiSystem, actor: Actor, stage: str = Stage.DEPLOYMENT, **more: Any) -> Transition:
    """A move that waits for signatures."""
    return ask_move(system, stage, seen=system.version, actor=actor, **{"thought": HARM, "reason": "Ready"} | more)


def a_signer(aims: Aims, actor: Actor) -> Actor:
    """Somebody who may sign, and wrote nothing."""
    return a_member(aims, Role.APPROVER, by=actor)


def through_the_gate(system: AiSystem, stage: str, actor: Actor, signer: Actor) -> AiSystem:
    """The system after a move that one person asked for and another signed."""
    move = asked(system, actor, stage)
    return sign_move(move, seen=move.version, actor=signer, note="Agreed").system


def in_operation(system: AiSystem, actor: Actor, signer: Actor | None = None, *, is_complete: bool = False) -> AiSystem:
    """The system in operation, by the way that everybody has to go: nothing passes the gates."""
    signer = signer or a_signer(Aims.objects.get(pk=system.aims_id), actor)
    system = at_the_gate(system, actor, signer, is_complete=is_complete)
    for stage in (Stage.DEPLOYMENT, Stage.OPERATION):
        system = through_the_gate(system, stage, actor, signer)
    return system


def a_reliance(actor: Actor, system: AiSystem, code: str = "A.6.2.4", why: str = "Every release is tested") -> Reliance:
    """A link from a system to a requirement."""
    return rely_on(system, Requirement.objects.get(code=code), why=why, actor=actor)


def person_of(actor: Actor) -> User:
    """The person behind an actor."""
    return User.objects.get(pk=actor.user_id)
