"""The history of a thing as a page tells it: who, what, when, why, in the words of its model."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from ledger.queries import FieldChange, acts_about
from systems.actions import edit_system, move_stage, say_scope
from systems.models import AiSystem, Reliance
from tests.make import an_organisation
from tests.systems.make import a_reliance, a_system, person_of


def test_acts_are_told_in_words_newest_first(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, name="Ranker", owner=person_of(officer))
    say_scope(system, is_in_scope=True, reason="Customers meet it", seen=1, actor=officer)
    move_stage(system, "retired", reason="Replaced", seen=2, actor=officer)
    moved, said, registered = acts_about([system.ref], AiSystem)
    assert moved.changes == (FieldChange("Stage", "Inception", "Retired"),)
    assert (said.reason, said.changes) == ("Customers meet it", (FieldChange("In scope", "", "Yes"),))
    assert FieldChange("Name", "", "Ranker") in registered.changes
    assert registered.who == officer.name
    assert moved.number == registered.number + 3  # type: ignore[operator]


def test_links_name_what_they_point_at(aims: Aims, officer: Actor) -> None:
    link = a_reliance(officer, a_system(officer))
    (act,) = acts_about([link.ref], Reliance)
    assert [(change.name, change.after) for change in act.changes] == [("System", "SYS-01"), ("Requirement", "A.6.2.4")]
    assert acts_about([link.ref])[0].changes == ()


def test_one_query_however_many_acts(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    for number in range(1, 31):
        edit_system(system, supplier=f"Supplier {number}", seen=number, actor=officer)
    with CaptureQueriesContext(connection) as queries:
        assert len(acts_about([system.ref], AiSystem, limit=30)) == 30
    assert len(queries) == 1


def test_the_history_of_others_is_not_told(aims: Aims, officer: Actor) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        theirs = a_system(their_officer)
    assert acts_about([theirs.ref], AiSystem) == []
