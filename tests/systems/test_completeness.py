"""Statements that the registry is complete, and the inventory that an auditor asks for first."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from systems.actions import (
    change_places,
    state_completeness,
    tell_of_completeness,
    withdraw_completeness,
)
from systems.actions.state_completeness import NotStatable, covered, digest_of
from systems.completeness import UnitLine, unit_lines
from systems.models import CompletenessStatement
from tests.make import a_member, signed_in, trace_of
from tests.systems.make import a_system, person_of

TODAY = date(2026, 6, 18)
NEXT_YEAR = date(2027, 6, 18)


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(datetime(2026, 6, 18, 9, tzinfo=UTC), tick=False):
        yield


def a_statement(actor: Actor, unit: str = "", until: date = NEXT_YEAR) -> CompletenessStatement:
    """A statement over what there is."""
    seen = len(covered(unit))
    return state_completeness(unit, method="Compared bills and logs", valid_until=until, seen=seen, actor=actor)


def line(unit: str, today: date = TODAY) -> UnitLine:
    """A unit as its page shows it."""
    return next(each for each in unit_lines(today) if each.unit == unit)


def test_a_statement_keeps_what_there_was(aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Ranker", record={"unit": "Sales"})
    a_system(officer, name="Assistant")
    row = a_statement(officer)
    assert (row.code, row.count, row.systems, row.stated_on) == ("CPL-01", 2, ["SYS-01", "SYS-02"], TODAY)
    assert row.digest == digest_of([("SYS-01", "ranker"), ("SYS-02", "assistant")])
    assert row.stated_by == person_of(officer)
    assert trace_of(row.ref) == ["system.completeness_stated"]
    assert row.history.first().history_change_reason == "Compared bills and logs"


def test_what_entered_and_left_since_is_told(aims: Aims, officer: Actor) -> None:
    first = a_system(officer, record={"unit": "Sales"})
    a_statement(officer, "Sales")
    assert (line("Sales").state, line("").state) == ("current", "none")
    a_system(officer, record={"unit": "Sales"})
    change_places(first, {("unit",): "Legal"}, within=("unit",), seen=1, actor=officer)
    changed = line("Sales")
    assert (changed.state, changed.entered, changed.left) == ("changed", ("SYS-02",), ("SYS-01",))
    assert [(each.unit, each.count) for each in unit_lines(TODAY)] == [("", 2), ("Legal", 1), ("Sales", 1)]


def test_a_statement_runs_out_with_a_task_before(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    row = a_statement(officer, until=TODAY + timedelta(days=31))
    tell_of_completeness()
    asked = Task.objects.filter(subject=row.ref)
    assert not asked.exists()
    with time_machine.travel(datetime(2026, 6, 20, 9, tzinfo=UTC)):
        tell_of_completeness()
        tell_of_completeness()
        task = asked.get()
        assert (task.subject, task.owner, task.due_on) == (row.ref, person_of(officer), row.valid_until)
        assert line("", clock.today(aims.time_zone)).state == "due"
        a_statement(officer)
        assert asked.get().closed_at is not None
    assert line("", date(2028, 1, 1)).state == "overdue"
    assert [each.is_in_force for each in CompletenessStatement.objects.order_by("id")] == [False, True]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"method": " "}, "method"),
        ({"valid_until": TODAY}, "valid_until"),
        ({"valid_until": date(2028, 1, 1)}, "valid_until"),
        ({"seen": 2}, None),
        ({"unit": "Nowhere"}, "unit"),
    ],
)
def test_what_cannot_be_stated(aims: Aims, officer: Actor, change: dict[str, object], field: str | None) -> None:
    a_system(officer)
    facts: dict[str, object] = {"unit": "", "method": "Asked", "valid_until": NEXT_YEAR, "seen": 1}
    with pytest.raises(NotStatable) as refusal:
        state_completeness(**facts | change, actor=officer)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not CompletenessStatement.objects.exists()


def test_only_stewards_state_it(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    with pytest.raises(NotAllowed):
        a_statement(owner)
    row = a_statement(officer)
    with pytest.raises(NotAllowed):
        withdraw_completeness(row, reason="No", seen=1, actor=owner)
    assert signed_in(owner).get(reverse("systems:state", args=[aims.slug])).status_code == 403


def test_a_statement_taken_back_stays_in_the_history(aims: Aims, officer: Actor) -> None:
    row = a_statement(officer)
    with pytest.raises(NotStatable):
        withdraw_completeness(row, reason=" ", seen=1, actor=officer)
    withdraw_completeness(row, reason="One was forgotten", seen=1, actor=officer)
    assert line("").state == "none"
    assert trace_of(row.ref)[-1] == "system.completeness_withdrawn"
    with pytest.raises(NotStatable):
        withdraw_completeness(row, reason="Again", seen=2, actor=officer)


def test_stating_it_in_the_browser(aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Ranker", record={"unit": "Sales"})
    browser, place = signed_in(officer), reverse("systems:state", args=[aims.slug])
    assert "This is the only AI system of Sales, as of today." in browser.get(place, {"unit": "Sales"}).content.decode()
    body = {"unit": "Sales", "seen": 1, "method": "Asked everybody", "valid_until": "2027-06-18"}
    a_system(officer, record={"unit": "Sales"})
    late = browser.post(place, body)
    assert (late.status_code, 'name="seen" value="2"' in late.content.decode()) == (422, True)
    assert browser.post(place, body | {"seen": 2}).status_code == 302
    page = browser.get(reverse("systems:completeness", args=[aims.slug])).content.decode()
    for words in ("Asked everybody", "CPL-01, 2 systems", "18 Jun 2027", "The whole organisation"):
        assert words in page
    back = reverse("systems:take_back", args=[aims.slug, "CPL-01"])
    assert browser.post(back, {"seen": 1, "reason": "Wrong"}).status_code == 302
    assert browser.get(back).status_code == 404


def test_the_inventory_answers_who_says_so(aims: Aims, officer: Actor) -> None:
    a_system(officer, name="=cmd()", in_scope=True, owner=person_of(officer), record={"unit": "Sales"})
    a_system(officer, name="Assistant")
    a_statement(officer)
    browser = signed_in(officer)
    page = browser.get(reverse("systems:inventory", args=[aims.slug])).content.decode()
    for words in ("2 registered, 1 in scope", "1 without a word on scope", f"{officer.name}, 18 Jun 2026", "CPL-01"):
        assert words in page
    table = browser.get(reverse("systems:inventory_file", args=[aims.slug, "csv"])).content.decode("utf-8-sig")
    assert table.splitlines()[1].startswith("SYS-01,cmd,'=cmd(),Sales,")
    book = load_workbook(BytesIO(browser.get(reverse("systems:inventory_file", args=[aims.slug, "xlsx"])).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][:4] == ("SYS-01", "cmd", "=cmd()", "Sales")
    assert book.active["C2"].data_type == "s"
    assert browser.get(reverse("systems:inventory_file", args=[aims.slug, "pdf"])).status_code == 404


def test_they_cost_the_same_with_three_and_with_forty(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)

    def cost(client: Client) -> list[int]:
        found = []
        for name in ("inventory", "completeness"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"systems:{name}", args=[aims.slug])).status_code == 200
            found.append(len(queries))
        return found

    def grow(size: int) -> None:
        for number in range(size):
            a_system(officer, owner=person_of(officer), in_scope=True, record={"unit": f"Unit {size} {number}"})
            a_statement(officer, f"Unit {size} {number}")

    grow(3)
    few = cost(browser)
    grow(20)
    assert cost(browser) == few
