"""The cycle as a shape: what is next, what is overdue, what the rules hint at."""

from datetime import date

from accounts.actor import Actor
from aims.models import Aims
from audits.actions import withdraw_milestone
from audits.models import MilestoneKind
from audits.queries import cycle, state_of
from tests.audits.make import a_cycle, a_milestone

TODAY = date(2026, 6, 18)


def test_a_cycle_knows_what_comes_next(aims: Aims, officer: Actor) -> None:
    a_cycle(officer)
    found = cycle(TODAY)
    assert found.next is not None
    assert (found.next.name, found.next.days) == ("Surveillance 1", 96)
    assert (found.body, found.certificate, found.overdue) == ("Northgate Certification", "AI 70418", ())
    assert [step.name for step in found.steps if step.is_today or step.done] == [
        "Stage 1",
        "Stage 2",
        "Certificate issued",
        "Today",
    ]


def test_nothing_planned_is_an_empty_cycle(aims: Aims) -> None:
    found = cycle(TODAY)
    assert (found.chart, found.next, found.steps, found.hints) == (None, None, (), ())


def test_withdrawn_dates_are_left_out(aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer)
    withdraw_milestone(row, reason="Body changed", seen=1, actor=officer)
    assert cycle(TODAY).dates == ()


def test_states_compare_dates() -> None:
    assert state_of(TODAY, TODAY, TODAY).name == "held"
    assert state_of(TODAY, None, TODAY).words == "Today"
    assert state_of(date(2026, 6, 17), None, TODAY).words == "1 day overdue"
    assert state_of(date(2026, 9, 16), None, TODAY).name == "soon"
    assert state_of(date(2026, 9, 17), None, TODAY).name == "planned"


def test_hints_follow_from_what_is_there(aims: Aims, officer: Actor) -> None:
    a_milestone(officer, date(2025, 10, 30), kind=MilestoneKind.ISSUED)
    found = {hint.kind: hint for hint in cycle(TODAY).hints}
    assert found["surveillance_1"].latest == date(2026, 10, 30)
    assert found["expires"].latest == date(2028, 10, 29)
    assert not found["surveillance_1"].is_late
    a_milestone(officer, date(2026, 10, 31), kind=MilestoneKind.SURVEILLANCE_1)
    a_milestone(officer, date(2028, 10, 29), kind=MilestoneKind.EXPIRES)
    a_milestone(officer, date(2028, 11, 3), kind=MilestoneKind.RECERTIFICATION)
    found = {hint.kind: hint for hint in cycle(TODAY).hints}
    assert found["surveillance_1"].is_late
    assert found["surveillance_2"].latest == date(2027, 12, 31)
    assert found["recertification"].is_late
    assert found["recertification"].latest == date(2028, 10, 27)
