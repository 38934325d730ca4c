"""What the rooms to the right learn about AI systems, and what it costs."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from controls.needs import read
from systems.actions import move_stage, say_scope, stop_relying
from systems.models import Stage
from systems.queries import reliances, roles_in_play, system_targets, systems_in_scope
from tests.systems.make import a_reliance, a_system, person_of


def test_in_scope_is_what_was_said_and_is_not_retired(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    a_system(officer, in_scope=False)
    kept = a_system(officer, in_scope=True, roles_played=["customer"], owner=person_of(officer))
    gone = a_system(officer, in_scope=True)
    move_stage(gone, Stage.RETIRED, reason="Replaced", seen=2, actor=officer)
    (facts,) = systems_in_scope()
    assert (facts.ref, facts.owner, facts.roles) == (kept.ref, officer.name, ("AI customer (user)",))


def test_the_past_is_told_as_it_was(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(datetime(2026, 3, 1, tzinfo=UTC)):
        system = a_system(officer, name="Ranker", in_scope=True, owner=person_of(officer))
    with clock.standing_at(datetime(2026, 5, 1, tzinfo=UTC)):
        say_scope(system, is_in_scope=False, reason="Sold", seen=2, actor=officer)
    assert systems_in_scope() == []
    assert [facts.name for facts in systems_in_scope(datetime(2026, 4, 1, tzinfo=UTC))] == ["Ranker"]
    assert systems_in_scope(datetime(2026, 4, 1, tzinfo=UTC))[0].owner == officer.name
    assert systems_in_scope(datetime(2026, 2, 1, tzinfo=UTC)) == []


def test_reliances_stand_by_requirement(aims: Aims, officer: Actor) -> None:
    first, second = a_system(officer, in_scope=True), a_system(officer)
    link = a_reliance(officer, first)
    a_reliance(officer, second, why="")
    a_reliance(officer, a_system(officer, in_scope=False))
    ended = a_reliance(officer, first, code="A.2.2")
    stop_relying(ended, reason="Over", seen=1, actor=officer)
    assert [(row.requirement_id, row.code, row.label) for row in read(reliances())] == [
        (link.requirement_id, first.code, first.name),
        (link.requirement_id, second.code, second.name),
    ]


@pytest.mark.parametrize("size", [3, 30])
def test_one_query_however_many(aims: Aims, officer: Actor, size: int) -> None:
    for _each in range(size):
        a_reliance(officer, a_system(officer, in_scope=True, owner=person_of(officer)))
    for question in (lambda: read(reliances()), system_targets, systems_in_scope):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            question()
        assert len(queries) == 1


def test_targets_leave_out_the_retired(aims: Aims, officer: Actor) -> None:
    kept, gone = a_system(officer), a_system(officer)
    move_stage(gone, Stage.RETIRED, reason="Replaced", seen=1, actor=officer)
    assert [(target.ref, target.code, target.title) for target in system_targets()] == [
        (kept.ref, kept.code, kept.name)
    ]


def test_roles_in_play_join_the_organisation_and_its_systems(aims: Aims, officer: Actor) -> None:
    a_system(officer, in_scope=True, roles_played=["customer"])
    a_system(officer, roles_played=["subject"])
    assert roles_in_play(aims, systems_in_scope()) == {"provider", "customer"}
