"""Planning, editing, holding and withdrawing dates: what is kept, recorded and refused."""

from datetime import UTC, date, datetime

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Conflict, NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims
from audits.actions import edit_milestone, hold_milestone, plan_milestone, withdraw_milestone
from audits.models import Milestone, MilestoneKind
from duties.actions import open_task
from duties.models import Task
from tests.audits.make import a_milestone
from tests.make import a_member, a_person, an_organisation, trace_of
from tests.systems.make import person_of

DUE = date(2026, 9, 22)


def test_a_planned_date_leaves_its_trace(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer, owner=person_of(officer), body="Northgate", reference="AI 70418")
    assert trace_of(row.ref) == ["milestone.planned"]
    assert row.history.count() == 1


@pytest.mark.parametrize(
    ("planned", "field"),
    [({"kind": "party"}, "kind"), ({"due_on": date(1999, 1, 1)}, "due_on"), ({"due_on": date(2206, 1, 1)}, "due_on")],
)
def test_slips_are_refused_at_their_field(aims: Aims, officer: Actor, planned: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        plan_milestone(actor=officer, **({"kind": "stage_1", "due_on": DUE} | planned))  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not Milestone.objects.exists()


def test_the_same_date_twice_and_strangers_as_owners_are_refused(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer)
    with pytest.raises(Refusal):
        a_milestone(officer)
    with pytest.raises(Refusal):
        a_milestone(officer, kind=MilestoneKind.STAGE_1, owner=a_person())
    edit_milestone(row, body="Northgate", seen=1, actor=officer)


def test_editing_records_what_differs(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer)
    edit_milestone(row, due_on=DUE, seen=1, actor=officer)
    edited = edit_milestone(row, due_on=date(2026, 10, 1), seen=1, actor=officer)
    assert edited.version == 2
    assert trace_of(row.ref) == ["milestone.planned", "milestone.edited"]
    with pytest.raises(Conflict):
        edit_milestone(row, body="Other", seen=1, actor=officer)


def test_a_moved_date_closes_the_task_of_the_old_one(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer)
    open_task("milestone", row.ref, "Surveillance 1", owner_id=officer.user_id, due_on=DUE)
    edit_milestone(row, body="Northgate", seen=1, actor=officer)
    assert Task.objects.filter(closed_at__isnull=True).count() == 1
    edit_milestone(row, due_on=date(2026, 10, 1), seen=2, actor=officer)
    assert Task.objects.filter(closed_at__isnull=True).count() == 0


def test_holding_closes_the_task_and_can_be_taken_back(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = a_milestone(officer, date(2026, 3, 2), owner=person_of(owner))
    open_task("milestone", row.ref, "Surveillance 1", owner_id=owner.user_id)
    held = hold_milestone(row, held_on=date(2026, 3, 3), seen=1, actor=owner)
    task = Task.objects.get()
    assert (held.held_on, task.closed_by_id) == (date(2026, 3, 3), owner.user_id)
    back = hold_milestone(row, held_on=None, seen=2, actor=owner)
    assert back.held_on is None
    assert trace_of(row.ref) == ["milestone.planned", "milestone.held", "milestone.held"]


def test_what_has_not_come_cannot_have_been_held(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer)
    with clock.standing_at(datetime(2026, 9, 21, 22, 30, tzinfo=UTC)):
        with pytest.raises(Refusal) as caught:
            hold_milestone(row, held_on=DUE, seen=1, actor=officer)
        assert caught.value.field == "held_on"
    with clock.standing_at(datetime(2026, 9, 21, 23, 30, tzinfo=UTC)):
        assert hold_milestone(row, held_on=DUE, seen=1, actor=officer).held_on == DUE
    with pytest.raises(Refusal):
        hold_milestone(row, held_on=date(1999, 1, 1), seen=2, actor=officer)


def test_withdrawing_needs_a_reason_and_ends_the_row(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer)
    with pytest.raises(Refusal) as caught:
        withdraw_milestone(row, reason=" ", seen=1, actor=officer)
    assert caught.value.field == "reason"
    withdraw_milestone(row, reason="Body changed", seen=1, actor=officer)
    assert trace_of(row.ref) == ["milestone.planned", "milestone.withdrawn"]
    with pytest.raises(Refusal):
        edit_milestone(row, body="Other", seen=2, actor=officer)


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_other_roles_change_nothing(aims: Aims, officer: Actor, role: Role) -> None:
    row = a_milestone(officer)
    member = a_member(aims, role, by=officer)
    for attempt in (
        lambda: a_milestone(member, kind=MilestoneKind.STAGE_1),
        lambda: edit_milestone(row, body="Mine", seen=1, actor=member),
        lambda: hold_milestone(row, held_on=DUE, seen=1, actor=member),
        lambda: withdraw_milestone(row, reason="No", seen=1, actor=member),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert trace_of(row.ref) == ["milestone.planned"]


def test_a_service_says_of_no_audit_that_it_was_held(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        hold_milestone(a_milestone(officer), held_on=date(2026, 1, 1), seen=1, actor=service("sync"))


def test_a_date_of_another_aims_is_not_there(aims: Aims, officer: Actor) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        theirs = a_milestone(their_officer)
    with pytest.raises(Milestone.DoesNotExist):
        edit_milestone(theirs, body="Mine", seen=1, actor=officer)
