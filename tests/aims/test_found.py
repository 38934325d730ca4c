"""Founding an AIMS and granting roles leave their trace."""

from accounts.actor import Actor
from accounts.roles import Role
from aims.actions import grant
from aims.models import Aims, Criteria, Membership
from ledger.models import Log
from ledger.verify import verify
from tests.make import a_member, a_person, trace_of


def test_founding_makes_memberships_criteria_and_a_log(aims: Aims, officer: Actor) -> None:
    assert officer.roles == {Role.ADMINISTRATOR, Role.OFFICER}
    assert Criteria.objects.get().band(3, 5) == "severe"
    assert Criteria.objects.get().band(1, 5) == "high"
    assert trace_of(aims.ref) == ["aims.founded"]
    assert verify(Log.objects.get()).is_sound


def test_granting_a_role_is_recorded_once(aims: Aims, officer: Actor) -> None:
    person = a_person()
    first = grant(person, Role.OWNER, actor=officer)
    assert grant(person, Role.OWNER, actor=officer) == first
    assert trace_of(first.ref) == ["membership.granted"]
    assert first.history.count() == 1


def test_members_of_one_aims_are_not_seen_from_another(aims: Aims, officer: Actor) -> None:
    a_member(aims, Role.OWNER, by=officer)
    assert Membership.objects.count() == 3
