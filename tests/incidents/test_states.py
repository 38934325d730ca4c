"""The states of an incident under any order of verbs: none is skipped, and nobody closes what they corrected."""

import contextlib
from datetime import date
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.context import acting_in
from accounts.refusals import Refusal
from accounts.roles import Role
from incidents import actions
from incidents.gate import asks_before_operation
from incidents.models import Incident, IncidentAction, Notification
from incidents.queries.hands import correctors
from incidents.words import MOVES, State
from ledger.models import Record
from systems.models import AiSystem
from tests.incidents.make import an_incident
from tests.make import a_member, an_organisation
from tests.systems.make import a_system, in_operation, person_of

NEXT = {str(state): {str(state), *map(str, moves)} for state, moves in MOVES.items()}


class Life(RuleBasedStateMachine):
    """Two stewards and a reviewer press what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.aims, self.officer = an_organisation()
        self.context = acting_in(self.aims, self.officer)
        self.context.__enter__()
        self.people = [
            self.officer,
            a_member(self.aims, Role.OFFICER, by=self.officer),
            a_member(self.aims, Role.REVIEWER, by=self.officer),
        ]
        system = in_operation(a_system(self.officer, owner=person_of(self.officer)), self.officer)
        self.row = an_incident(self.officer, system, kind="privacy", happened=["breach"])
        self.known = str(self.row.state)
        self.sent: set[int] = set()

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def attempt(self, verb: Any, *args: Any, **kwargs: Any) -> None:
        with contextlib.suppress(Refusal):
            verb(*args, **kwargs)
        self.row = Incident.objects.select_related("system").get(pk=self.row.pk)

    @rule(who=st.integers(0, 2), severity=st.integers(0, 5))
    def triage(self, who: int, severity: int) -> None:
        said = {"reason": "So it is", "seen": self.row.version}
        self.attempt(actions.triage, self.row, severity, **said, actor=self.people[who])

    @rule(who=st.integers(0, 2), means=st.sampled_from(["suspend", "fall-back", "limit", "none"]))
    def contain(self, who: int, means: str) -> None:
        self.attempt(actions.contain, self.row, means, why="At once", seen=self.row.version, actor=self.people[who])

    @rule(
        who=st.integers(0, 2), happened=st.sampled_from([[], ["breach"], ["death"]]), cause=st.sampled_from(["", "A"])
    )
    def edit(self, who: int, happened: list[str], cause: str) -> None:
        said: Any = {"happened": happened, "cause": cause, "lessons": cause}
        self.attempt(actions.edit_incident, self.row, seen=self.row.version, actor=self.people[who], **said)

    @rule(who=st.integers(0, 2), state=st.sampled_from(State.values))
    def move(self, who: int, state: str) -> None:
        said = {"reason": "So", "seen": self.row.version}
        self.attempt(actions.move_incident, self.row, state, **said, actor=self.people[who])

    @rule(who=st.integers(0, 1), place=st.integers(0, 1))
    def go_on(self, who: int, place: int) -> None:
        """Press what is offered, after doing what is missing: the way to the end is found often."""
        offered = MOVES[self.row.state]
        if self.row.state == State.REPORTED:
            self.triage(who, 3)
            return
        self.edit(0, self.row.happened, "A")
        self.settle(0, place == 0)
        if self.row.state == State.TRIAGED:
            self.contain(0, ("limit", "none")[place])
        else:
            self.move(who, offered[place % len(offered)])

    @rule(who=st.integers(0, 2))
    def plan(self, who: int) -> None:
        self.attempt(actions.plan_action, self.row, "Mend it", due_on=date(2026, 9, 1), actor=self.people[who])

    @rule(who=st.integers(0, 2))
    def finish(self, who: int) -> None:
        action = IncidentAction.objects.filter(done_at__isnull=True).first()
        if action:
            said = {"evidence": "evidence:EV-001", "seen": action.version}
            self.attempt(actions.finish_action, action, **said, actor=self.people[who])

    @rule(who=st.integers(0, 2), is_sent=st.booleans())
    def settle(self, who: int, is_sent: bool) -> None:
        for row in Notification.objects.filter(state="due").order_by("pk"):
            if is_sent:
                said: Any = {"sent_at": None, "reference": "Ref", "seen": row.version}
                self.attempt(actions.send_notification, row, **said, actor=self.people[who])
            else:
                said = {"because": "Nobody is at risk", "seen": row.version}
                self.attempt(actions.decline_notification, row, **said, actor=self.people[who])

    @invariant()
    def only_known_moves(self) -> None:
        assert str(self.row.state) in NEXT[self.known] | {self.known}, (self.known, self.row.state)
        self.known = str(self.row.state)

    @invariant()
    def what_was_sent_stays(self) -> None:
        now = set(Notification.objects.filter(state="sent").values_list("pk", flat=True))
        assert self.sent <= now
        self.sent = now

    @invariant()
    def closed_means_all_done_by_another(self) -> None:
        gate = list(asks_before_operation(AiSystem.objects.get(pk=self.row.system_id), "operation"))
        if self.row.state != "closed":
            assert any(check.state == "missing" for check in gate)
            return
        closing = Record.objects.filter(event="incident.closed").latest("pk")
        assert closing.pseudonym == self.row.closed_by.pseudonym
        assert self.row.closed_by_id not in correctors(self.row)
        assert self.row.severity
        assert self.row.cause
        assert self.row.lessons
        assert self.row.containments.exists()
        assert not self.row.notifications.filter(state="due").exists()
        assert not self.row.incidentactions.filter(done_at__isnull=True).exists()
        harmless = set(self.row.containments.values_list("means", flat=True)) == {"none"}
        assert any(check.state == "missing" for check in gate) != harmless


class TestLife(TestCase):
    """Any order."""

    def test_any_order(self) -> None:
        run_state_machine_as_test(Life, settings=settings(max_examples=12, stateful_step_count=22, deadline=None))
