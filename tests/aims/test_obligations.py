"""Obligations are recorded, edited and withdrawn, and reasons can point at those that hold."""

import pytest

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions import Duty, edit_obligation, oblige, withdraw_obligation
from aims.actions.oblige import NotObliging
from aims.models import Aims, Obligation
from aims.queries import Target, obligations
from tests.aims.make import an_obligation
from tests.make import a_member, a_person, an_organisation, trace_of


def test_codes_follow_one_another_round_given_ones(aims: Aims, officer: Actor) -> None:
    assert oblige(Duty("party", "Plain answers"), code="ip-04", actor=officer).code == "IP-04"
    assert oblige(Duty("law", "Given"), code="O-02", actor=officer).code == "O-02"
    assert [an_obligation(officer).code for _n in range(2)] == ["O-01", "O-03"]


def test_recording_leaves_a_trace(aims: Aims, officer: Actor) -> None:
    row = oblige(Duty("law", "EU AI Act", source="Art. 26"), actor=officer)
    assert trace_of(row.ref) == ["obligation.recorded"]
    assert row.history.count() == 1


@pytest.mark.parametrize(
    ("duty", "code", "field"),
    [
        (Duty("law", " "), "", "title"),
        (Duty("wish", "A wish"), "", "kind"),
        (Duty("law", "Bad code"), "O/1", "code"),
        (Duty("law", "Taken"), "O-77", "code"),
    ],
)
def test_nonsense_is_refused(aims: Aims, officer: Actor, duty: Duty, code: str, field: str) -> None:
    oblige(Duty("law", "There"), code="O-77", actor=officer)
    with pytest.raises(NotObliging) as refusal:
        oblige(duty, code=code, actor=officer)
    assert refusal.value.field == field
    assert Obligation.objects.count() == 1


def test_the_owner_is_a_member(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotObliging):
        an_obligation(officer, owner=a_person("Stranger"))
    owner = User.objects.get(pk=a_member(aims, Role.OWNER, by=officer).user_id)
    assert an_obligation(officer, owner=owner).owner == owner


def test_editing_counts_up_and_holds_apart(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer)
    edited = edit_obligation(row, Duty("contract", "Renamed"), seen=1, actor=officer)
    assert (edited.title, edited.version) == ("Renamed", 2)
    assert edit_obligation(row, Duty("contract", "Renamed"), seen=2, actor=officer).version == 2
    with pytest.raises(Conflict):
        edit_obligation(row, Duty("contract", "Mine"), seen=1, actor=officer)
    assert trace_of(row.ref) == ["obligation.recorded"] * 2


def test_withdrawing_needs_a_reason_and_happens_once(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer)
    with pytest.raises(NotObliging):
        withdraw_obligation(row, reason=" ", seen=1, actor=officer)
    with pytest.raises(Conflict):
        withdraw_obligation(row, reason="Ended", seen=9, actor=officer)
    gone = withdraw_obligation(row, reason="The contract ended", seen=1, actor=officer)
    assert withdraw_obligation(gone, reason="Again", seen=2, actor=officer).version == 2
    assert gone.history.first().history_change_reason == "The contract ended"
    assert trace_of(row.ref) == ["obligation.recorded", "obligation.withdrawn"]
    with pytest.raises(NotObliging):
        edit_obligation(gone, Duty("law", "Back"), seen=2, actor=officer)


def test_others_may_not(aims: Aims, officer: Actor) -> None:
    row, owner = an_obligation(officer), a_member(aims, Role.OWNER, by=officer)
    with pytest.raises(NotAllowed):
        an_obligation(owner)
    with pytest.raises(NotAllowed):
        edit_obligation(row, Duty("law", "Mine"), seen=1, actor=owner)
    with pytest.raises(NotAllowed):
        withdraw_obligation(row, reason="No", seen=1, actor=owner)


def test_a_foreign_obligation_is_not_there(aims: Aims, officer: Actor) -> None:
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        foreign = an_obligation(stranger)
    with pytest.raises(Obligation.DoesNotExist):
        withdraw_obligation(foreign, reason="Theirs", seen=1, actor=officer)


def test_targets_are_those_that_hold_then(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "EU AI Act")
    before = clock.now()
    withdraw_obligation(row, reason="Repealed", seen=1, actor=officer)
    assert obligations() == ()
    assert obligations(at=before) == (Target("obligation:O-01", "O-01", "EU AI Act", "law"),)
