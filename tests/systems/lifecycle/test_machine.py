"""The life cycle as a state machine: whoever does whatever, nothing is in use that somebody else did not sign."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Refusal
from accounts.roles import Role
from aims.models import Aims
from ledger.models import Record
from systems.actions import ask_move, edit_system, refuse_move, register, say_scope, sign_move, withdraw_move
from systems.lifecycle.models import Signature, Transition
from systems.lifecycle.stages import FOLLOWS, SIGNED, Stage
from systems.models import AiSystem
from tests.make import a_member, an_organisation
from tests.systems.make import HARM, a_system, at_the_gate, person_of

STAGES, ACTORS = st.sampled_from(list(Stage)), st.integers(0, 5)
LIVELY = st.sampled_from([Stage.DEPLOYMENT, Stage.DEPLOYMENT, Stage.OPERATION, Stage.OPERATION, *Stage])


class LifeCycle(RuleBasedStateMachine):
    """Anybody tries anything; a refusal is fine, a way round is not."""

    aims: Aims
    actors: list[Actor]

    def __init__(self) -> None:
        super().__init__()
        self.was: dict[int, str] = {}

    @initialize()
    def begin(self) -> None:
        self.aims, officer = an_organisation()
        self.acting = acting_in(self.aims, officer)
        self.acting.__enter__()
        approver = a_member(self.aims, Role.APPROVER, by=officer)
        both = a_member(self.aims, Role.OFFICER, Role.APPROVER, by=officer)
        owner = a_member(self.aims, Role.OWNER, by=officer)
        self.actors = [officer, approver, both, owner, a_member(self.aims, Role.AUDITOR, by=officer), service("robot")]
        system = at_the_gate(a_system(officer, owner=person_of(owner)), officer, approver)
        self.was = {system.pk: system.stage}

    def _try(self, act: Any) -> None:
        try:
            act()
        except Refusal:
            return

    @property
    def system(self) -> AiSystem:
        return AiSystem.objects.select_related("aims").order_by("pk").first()  # type: ignore[return-value]

    @rule(who=ACTORS, stage=LIVELY)
    def ask(self, who: int, stage: Stage) -> None:
        said = {"reason": "Because", "thought": HARM, "seen": self.system.version, "actor": self.actors[who]}
        self._try(lambda: ask_move(self.system, stage, **said))

    @rule(who=ACTORS)
    def sign(self, who: int) -> None:
        for move in Transition.objects.filter(state="proposed"):
            self._try(lambda move=move: sign_move(move, seen=move.version, actor=self.actors[who]))  # type: ignore[misc]

    @rule(who=ACTORS)
    def edit(self, who: int) -> None:
        said = {"seen": self.system.version, "actor": self.actors[who]}
        name = f"Renamed {self.system.version}"
        self._try(lambda: edit_system(self.system, name=name, **said))

    @rule(who=ACTORS, stage=STAGES)
    def enter(self, who: int, stage: Stage) -> None:
        self._try(lambda: register(actor=self.actors[who], name="New", purpose="Helps", stage=stage))

    @rule(who=ACTORS)
    def say(self, who: int) -> None:
        said = {"is_in_scope": True, "reason": "It is", "seen": self.system.version, "actor": self.actors[who]}
        self._try(lambda: say_scope(self.system, **said))

    @precondition(lambda self: Transition.objects.filter(state="proposed").exists())
    @rule(who=ACTORS, again=st.booleans())
    def end(self, who: int, again: bool) -> None:
        verb = refuse_move if again else withdraw_move
        move = Transition.objects.filter(state="proposed").get()
        self._try(lambda: verb(move, reason="No", seen=move.version, actor=self.actors[who]))

    @invariant()
    def nothing_is_in_use_unsigned(self) -> None:
        if not self.was:
            return
        for system in AiSystem.objects.select_related("came_by"):
            was = self.was.get(system.pk)
            if was is not None and was != system.stage:
                assert system.stage in FOLLOWS[was]
            self.was[system.pk] = system.stage
            if system.stage not in SIGNED:
                continue
            move = system.came_by
            assert move is not None
            assert (move.state, move.to_stage, move.system_id) == ("signed", system.stage, system.pk)
            signers = set(Signature.objects.filter(move=move).values_list("person_id", flat=True))
            assert move.decided_by_id in signers
            assert move.asked_by_id not in signers
            assert Record.objects.filter(event="system.move_signed", subject=move.ref).exists()
            for signature in Signature.objects.filter(move=move).select_related("person"):
                approvers = {actor.user_id for actor in self.actors if Role.APPROVER in actor.roles}
                assert signature.person_id in approvers

    def teardown(self) -> None:
        if self.was:
            self.acting.__exit__(None, None, None)


@pytest.mark.db_both
@pytest.mark.django_db
def test_there_is_no_way_into_use_without_the_signature() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        LifeCycle,
        settings=settings(
            max_examples=int(os.environ.get("LIFE_CYCLES", "5")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
