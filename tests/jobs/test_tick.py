"""Schedules: each instant is claimed once, whoever beats, and a failing one holds up nobody."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from accounts import clock
from jobs import registry
from jobs.actions import tick
from jobs.models import ScheduleRun
from tests.jobs.make import at_once

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what ran, with the only schedule being an hourly one."""
    ran: list[str] = []
    monkeypatch.setattr(registry, "_schedules", {})
    registry.every(timedelta(hours=1), "hourly", lambda: ran.append("hourly"))
    return ran


@pytest.mark.django_db
def test_an_instant_runs_once(runs: list[str]) -> None:
    for minutes, expected in ((0, ["hourly"]), (59, []), (60, ["hourly"]), (61, [])):
        with clock.standing_at(NOON + timedelta(minutes=minutes)):
            assert tick() == expected
    assert runs == ["hourly", "hourly"]


@pytest.mark.django_db
def test_after_downtime_the_latest_instant_runs_once(runs: list[str]) -> None:
    with clock.standing_at(NOON):
        tick()
    with clock.standing_at(NOON + timedelta(days=3)):
        tick()
        tick()
    assert len(runs) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_of_several_tickers_one_runs_it(runs: list[str]) -> None:
    assert sorted(map(len, at_once(tick))) == [0, 0, 0, 1]
    assert runs == ["hourly"]


@pytest.mark.django_db
def test_a_failing_schedule_holds_up_nobody(runs: list[str]) -> None:
    def fail() -> None:
        raise ValueError("broken")

    registry._schedules = {"broken": registry.Schedule("broken", timedelta(hours=1), fail), **registry._schedules}
    assert tick() == ["hourly"]


@pytest.mark.django_db
def test_an_instant_whose_run_failed_or_was_cut_off_is_claimed_anew(runs: list[str]) -> None:
    with clock.standing_at(NOON):
        assert tick() == ["hourly"]
    ScheduleRun.objects.update(finished_at=None)
    for minutes, expected in ((9, []), (11, ["hourly"]), (12, []), (30, [])):
        with clock.standing_at(NOON + timedelta(minutes=minutes)):
            assert tick() == expected, minutes
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_failing_schedule_is_tried_again_in_ten_minutes(monkeypatch: pytest.MonkeyPatch, runs: list[str]) -> None:
    def fail_once() -> None:
        runs.append("tried")
        if len(runs) == 1:
            raise OSError("the database was away")

    monkeypatch.setattr(registry, "_schedules", {"daily": registry.Schedule("daily", timedelta(days=1), fail_once)})
    for minutes, expected in ((0, []), (5, []), (11, ["daily"]), (60, [])):
        with clock.standing_at(NOON + timedelta(minutes=minutes)):
            assert tick() == expected, minutes
    assert len(runs) == 2


@pytest.mark.django_db
def test_old_runs_are_forgotten(runs: list[str]) -> None:
    for hours in range(0, 300, 10):
        with clock.standing_at(NOON + timedelta(hours=hours)):
            tick()
    oldest = ScheduleRun.objects.order_by("due_at")[0]
    assert oldest.due_at >= NOON + timedelta(hours=290 - 100)


@pytest.mark.django_db(transaction=True)
def test_the_command_begins_and_beats_once(runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("broken")

    monkeypatch.setattr(registry, "_beginnings", {})
    registry.at_start("broken", fail)
    registry.at_start("greeting", lambda: runs.append("began"))
    call_command("ticker", "--once", stdout=StringIO())
    assert runs == ["began", "hourly"]
