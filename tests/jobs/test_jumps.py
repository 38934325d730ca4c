"""Clocks that jump, forward and back: no instant of a schedule runs twice, no job is lost or done twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts import clock
from jobs import registry
from jobs.actions import run_job, sweep, tick
from jobs.models import LEASE, Job, JobState, ScheduleRun
from tests.jobs.make import a_job, a_kind

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)
JUMPS = st.lists(st.integers(-3 * 86_400, 3 * 86_400), min_size=1, max_size=8)


@pytest.mark.django_db
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jumps=JUMPS)
def test_no_instant_of_a_schedule_runs_twice(monkeypatch: pytest.MonkeyPatch, jumps: list[int]) -> None:
    ran: list[datetime] = []
    monkeypatch.setattr(registry, "_schedules", {})
    registry.every(timedelta(hours=1), "hourly", lambda: ran.append(clock.now().replace(minute=0, second=0)))
    ScheduleRun.objects.all().delete()
    moment = furthest = NOON - timedelta(days=30)
    for jump in (30 * 86_400, *jumps):
        moment += timedelta(seconds=jump)
        hour = moment.replace(minute=0, second=0)
        with clock.standing_at(moment):
            assert bool(tick()) == (hour > furthest)
        furthest = max(furthest, hour)
    assert max(Counter(ran).values()) == 1


@pytest.mark.django_db
@hypothesis_settings(max_examples=25)
@given(jumps=JUMPS)
def test_a_job_is_done_once_in_the_end(jumps: list[int]) -> None:
    done: list[int] = []
    moment = NOON
    with clock.standing_at(moment):
        job = a_job(a_kind(finish=lambda job, _outcome: done.append(job.attempt) or {}))
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=1, lease_until=moment + LEASE)
    for jump in (*jumps, 10 * 86_400 * len(jumps)):
        moment += timedelta(seconds=jump)
        with clock.standing_at(moment):
            sweep()
            run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, done) == (JobState.DONE, [2])
