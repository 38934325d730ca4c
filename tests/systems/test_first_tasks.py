"""What a new system needs at once: opened once, for its owner, and closed when the record says it is there."""

import pytest

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from systems.actions import Newcomer, edit_system, move_stage, register_all
from systems.models import AiSystem
from tests.make import a_member
from tests.systems.make import a_system, person_of


def kinds(row: AiSystem) -> set[str]:
    return set(Task.objects.filter(subject=row.ref, closed_at__isnull=True).values_list("kind", flat=True))


ALL = {"system.assess", "system.data", "system.logging", "system.monitoring"}


def test_a_new_system_opens_four_for_its_owner_who_may_change(aims: Aims, officer: Actor) -> None:
    row = a_system(officer)
    assert kinds(row) == ALL
    assert not Task.objects.filter(owner__isnull=False, subject=row.ref).exists()
    owner = person_of(a_member(aims, Role.OWNER, by=officer))
    edit_system(row, owner=owner, seen=1, actor=officer)
    assert Task.objects.filter(owner=owner, subject=row.ref).count() == 4
    assert f"/systems/{row.code}/" in Task.objects.filter(subject=row.ref)[0].address


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"logging": {"enabled": True}, "monitoring": {"enabled": False}}, ALL - {"system.logging"}),
        ({"governance": {"data_governance_checked_on": "2026-01-15"}}, ALL - {"system.data"}),
        ({"lifecycle": {"stage": "retired"}}, set()),
    ],
)
def test_what_the_record_says_is_there_is_not_asked_for(
    aims: Aims, officer: Actor, said: dict[str, object], left: set[str]
) -> None:
    record = {"id": "ranker", "name": "Ranker", "classification": {"purpose": "Ranks"}}
    [row] = register_all([Newcomer(record | said)], actor=officer)
    assert kinds(row) == left


def test_saying_that_it_is_there_closes_the_task(aims: Aims, officer: Actor) -> None:
    row = a_system(officer)
    edit_system(row, record=row.record | {"monitoring": {"enabled": True}}, seen=1, actor=officer)
    assert kinds(row) == ALL - {"system.monitoring"}
    move_stage(row, "retired", reason="Replaced", seen=2, actor=officer)
    assert kinds(row) == set()
