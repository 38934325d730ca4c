"""What a person owes, in order, with its state in words."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from desk.queries import my_tasks
from duties.actions import close_tasks, open_task
from tests.make import a_member, an_organisation
from tests.systems.make import person_of

TODAY = date(2026, 6, 18)


def a_task(actor: Actor, subject: str, days: int | None = None) -> None:
    """An open task, due so many days from TODAY."""
    due_on = None if days is None else TODAY + timedelta(days=days)
    open_task("test", subject, f"Do {subject}", owner_id=actor.user_id, due_on=due_on, address="/there/")


def test_soonest_first_and_undated_last(aims: Aims, officer: Actor) -> None:
    for subject, days in (("a", None), ("b", 40), ("c", -2), ("d", 3), ("e", 0), ("f", 1)):
        a_task(officer, subject, days)
    a_task(a_member(aims, Role.OWNER, by=officer), "not mine")
    a_task(officer, "closed")
    close_tasks("test", "closed", actor=officer)
    found = my_tasks(person_of(officer), today=TODAY, limit=5)
    assert [task.title for task in found.items] == ["Do c", "Do e", "Do f", "Do d", "Do b"]
    assert [task.words for task in found.items] == ["2 days overdue", "today", "in 1 day", "in 3 days", "in 40 days"]
    assert [task.tone for task in found.items] == ["bad", "warn", "warn", "warn", "none"]
    assert (found.total, found.overdue) == (6, 1)


def test_tasks_of_another_aims_are_not_shown(aims: Aims, officer: Actor) -> None:
    other, _their_officer = an_organisation()
    with acting_in(other):
        a_task(officer, "elsewhere")
    assert my_tasks(person_of(officer), today=TODAY).total == 0


def test_three_queries_however_many(aims: Aims, officer: Actor) -> None:
    person = person_of(officer)
    for number in range(30):
        a_task(officer, str(number), number)
    with CaptureQueriesContext(connection) as queries:
        my_tasks(person, today=TODAY)
    assert len(queries) == 2
