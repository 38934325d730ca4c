"""The states of an assessment under any order of verbs: none skips the review, none decides on own work."""

import contextlib
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.context import acting_in
from accounts.refusals import Refusal
from accounts.roles import Role
from assessments.actions import (
    clone_edition,
    decide_assessment,
    edit_assessment,
    return_assessment,
    submit_assessment,
)
from assessments.models import Assessment, Decision
from tests.assessments.make import a_complete_assessment, an_approver
from tests.make import a_member, an_organisation, trace_of

NEXT = {
    "draft": {"draft", "submitted"},
    "submitted": {"submitted", "returned", "decided"},
    "returned": {"returned", "submitted"},
    "decided": {"decided", "superseded"},
    "superseded": {"superseded"},
}


class Life(RuleBasedStateMachine):
    """Two writers and an approver press what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.aims, self.officer = an_organisation()
        self.context = acting_in(self.aims, self.officer)
        self.context.__enter__()
        self.people = [
            self.officer,
            an_approver(self.aims, self.officer),
            a_member(self.aims, Role.APPROVER, Role.OFFICER, by=self.officer),
        ]
        self.known: dict[int, str] = {}
        a_complete_assessment(self.officer)

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def latest(self) -> Assessment:
        return Assessment.objects.order_by("-pk")[0]

    def attempt(self, verb: Any, *args: Any, **kwargs: Any) -> None:
        with contextlib.suppress(Refusal):
            verb(*args, **kwargs)

    @rule(who=st.integers(0, 2), text=st.sampled_from(["a", "b"]))
    def edit(self, who: int, text: str) -> None:
        row = self.latest()
        self.attempt(edit_assessment, row, seen=row.version, actor=self.people[who], benefits=text)

    @rule(who=st.integers(0, 2))
    def submit(self, who: int) -> None:
        row = self.latest()
        self.attempt(submit_assessment, row, seen=row.version, actor=self.people[who])

    @rule(who=st.integers(0, 2))
    def send_back(self, who: int) -> None:
        row = self.latest()
        self.attempt(return_assessment, row, reason="No", seen=row.version, actor=self.people[who])

    @rule(who=st.integers(0, 2), decision=st.sampled_from([Decision.MITIGATE, Decision.DECLINE]))
    def decide(self, who: int, decision: Decision) -> None:
        row = self.latest()
        self.attempt(decide_assessment, row, decision, reason="So", seen=row.version, actor=self.people[who])

    @rule(who=st.integers(0, 2))
    def revise(self, who: int) -> None:
        self.attempt(clone_edition, self.latest(), reason="Again", actor=self.people[who])

    @invariant()
    def states_follow_the_map(self) -> None:
        for row in Assessment.objects.all():
            assert row.state in NEXT[self.known.get(row.pk, "draft")]
            self.known[row.pk] = row.state

    @invariant()
    def one_edition_is_in_force_at_most(self) -> None:
        assert Assessment.objects.filter(state="decided").count() <= 1

    @invariant()
    def nobody_decided_on_their_own_work(self) -> None:
        for row in Assessment.objects.exclude(decision=""):
            assert row.decided_by_id != row.author_id
            writers = row.history.exclude(state__in=["returned", "decided", "superseded"])
            assert row.decided_by_id not in set(writers.values_list("history_user_id", flat=True))
            assert trace_of(row.ref).count("assessment.decided") == 1


class LifeTest(TestCase):
    """Run the machine inside Django's test transaction."""

    def test_any_order_of_verbs(self) -> None:
        run_state_machine_as_test(Life, settings=settings(max_examples=12, stateful_step_count=12, deadline=None))
