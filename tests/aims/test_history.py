"""Rows as they stood: the last one written by an instant, with what it points at, in one query."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.context import NoAims, acting_in
from aims.history import rows_at, then
from aims.models import Aims
from soa.models import Entry
from systems.actions import edit_system, stop_relying
from systems.models import AiSystem, Reliance
from tests.make import an_organisation
from tests.soa.make import a_statement, an_entry, included
from tests.systems.make import a_reliance, a_system, person_of

pytestmark = pytest.mark.db_both
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def named(actor: Actor, system: AiSystem, name: str, when: datetime) -> None:
    with clock.standing_at(when):
        edit_system(system, name=name, seen=AiSystem.objects.get(pk=system.pk).version, actor=actor)


def test_a_row_stands_as_it_was_last_written(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        system = a_system(officer, name="First")
    named(officer, system, "Second", at(1))
    named(officer, system, "Third", at(2))
    names = {days: [row.name for row in rows_at(AiSystem, at(days))] for days in (-1, 0, 0.5, 1, 1.5, 2, 9)}
    first, second, third = ["First"], ["Second"], ["Third"]
    assert names == {-1: [], 0: first, 0.5: first, 1: second, 1.5: second, 2: third, 9: third}
    assert [row.name for row in rows_at(AiSystem, None)] == third


def test_of_several_at_one_instant_the_last_written_counts(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        a_statement(officer)
        included(officer, why="Because.", how="By hand.")
        included(officer, why="Because of the law.", notes="Again.")
    (row,) = rows_at(Entry, at(0), requirement__code="A.2.2")
    assert (row.version, row.why, row.how, row.notes) == (5, "Because of the law.", "By hand.", "Again.")
    assert rows_at(Entry, at(0)).count() == 38


def test_a_row_whose_clock_ran_ahead_is_still_followed_by_the_next(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        system = a_system(officer, name="First")
    named(officer, system, "Ahead", at(3))
    named(officer, system, "Behind", at(2))
    assert [row.name for row in rows_at(AiSystem, at(4))] == ["Behind"]
    assert [row.name for row in rows_at(AiSystem, at(2.5))] == ["Behind"]


def test_what_is_joined_or_annotated_costs_nothing_more(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        for number in range(5):
            system = a_system(officer, name=f"System {number}", owner=person_of(officer))
            a_reliance(officer, system)
    for number, system in enumerate(AiSystem.objects.order_by("code")):
        named(officer, system, f"Renamed {number}", at(1))
    rows = rows_at(Reliance, at(0)).select_related("system__owner", "requirement").order_by("id")
    with CaptureQueriesContext(connection) as queries:
        told = [
            (row.system.code, row.system.owner.name, row.requirement.code, row.name, row.pk)
            for row in rows.annotate(name=then(AiSystem, "name", "system_id", at(0)))
        ]
    assert len(queries) == 1
    assert [name for _code, _owner, _control, name, _pk in told] == [f"System {number}" for number in range(5)]
    assert [pk for *_rest, pk in told] == list(Reliance.objects.order_by("pk").values_list("pk", flat=True))


def test_the_past_is_narrowed_like_the_present(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        first, second = a_system(officer), a_system(officer)
        ended = a_reliance(officer, first)
        a_reliance(officer, second)
    with clock.standing_at(at(1)):
        stop_relying(ended, reason="Over", seen=1, actor=officer)

    def standing(when: datetime | None, **fixed: Any) -> list[int]:
        rows = rows_at(Reliance, when, **fixed).filter(withdrawn_at__isnull=True)
        return list(rows.order_by("id").values_list("system_id", flat=True))

    assert standing(at(0)) == [first.pk, second.pk]
    assert standing(at(1)) == standing(None) == [second.pk]
    assert standing(at(0), system=first.pk) == [first.pk]
    assert standing(at(1), system=first.pk) == []
    assert rows_at(Reliance, at(0)).filter(pk=ended.pk).get().withdrawn_at is None


def test_the_past_of_one_row_is_still_asked_of_the_row(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        system = a_system(officer, name="First")
    named(officer, system, "Second", at(1))
    assert system.history.as_of(at(0.5)).name == "First"


def test_the_past_of_others_is_not_there(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        a_system(officer, name="Ours")
        other, theirs = an_organisation()
        with acting_in(other, theirs):
            foreign = a_system(theirs, name="Theirs")
    assert [row.name for row in rows_at(AiSystem, at(1))] == ["Ours"]
    assert rows_at(AiSystem, at(1), id=foreign.pk).first() is None
    looked_up = AiSystem.objects.annotate(other=then(AiSystem, "name", "pk", at(1)))
    assert list(looked_up.values_list("other", flat=True)) == ["Ours"]
    with acting_in(other, theirs):
        assert [row.name for row in rows_at(AiSystem, at(1))] == ["Theirs"]


def test_the_past_takes_a_context_too(organisation: tuple[Aims, Actor]) -> None:
    with pytest.raises(NoAims):
        rows_at(AiSystem, at(1))
    with pytest.raises(NoAims):
        then(AiSystem, "name", "pk", at(1))


def test_a_row_of_the_past_is_the_same_row(aims: Aims, officer: Actor) -> None:
    with clock.standing_at(at(0)):
        a_statement(officer)
    assert rows_at(Entry, at(0), requirement__code="A.2.2").get() == an_entry("A.2.2")


def test_each_history_has_a_manager_of_its_own_of_one_class() -> None:
    assert type(AiSystem.history) is type(AiSystem.history) is type(Reliance.history)
    assert AiSystem.history.model is not Reliance.history.model
