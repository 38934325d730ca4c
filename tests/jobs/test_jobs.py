"""The job table is the truth: claims, leases, retries, and effects that commit together with `done`."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from duties.actions import open_task
from duties.models import Task
from jobs.actions import cancel, enqueue, run_job, sweep
from jobs.models import LEASE, MAX_ATTEMPTS, PATIENCE, Job, JobState
from jobs.registry import JobFailed
from tests.jobs.make import a_job, a_kind, at_once

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)


@pytest.fixture
def woken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the job ids sent to the queue, which is the network."""
    sent: list[int] = []
    settings.REDIS_URL = "redis://nowhere"
    monkeypatch.setattr(current_app, "send_task", lambda _name, args: sent.extend(args))
    return sent


@pytest.mark.django_db
def test_work_is_done_with_its_result() -> None:
    kind = a_kind(lambda job, tell: job.payload["n"] * 2, lambda _job, outcome: {"twice": outcome})
    job = a_job(kind, n=21)
    assert run_job(job.pk) is JobState.DONE
    job.refresh_from_db()
    assert (job.result, job.progress, job.attempt, job.lease_until) == ({"twice": 42}, 100, 1, None)
    assert job.finished_at is not None
    assert job.is_finished


@pytest.mark.django_db
def test_a_finished_job_is_not_taken_again() -> None:
    job = a_job()
    run_job(job.pk)
    assert run_job(job.pk) is None
    assert run_job(999_999) is None


@pytest.mark.django_db
def test_the_same_key_is_one_job() -> None:
    kind = a_kind()
    first = enqueue(kind, dedupe_key="once", actor=service("test"), payload={"n": 1})
    assert enqueue(kind, dedupe_key="once", actor=service("test"), payload={"n": 2}) == first
    assert Job.objects.get(kind=kind).payload == {"n": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_work_asked_for_in_a_transaction_that_rolls_back_is_not_there(woken: list[int]) -> None:
    with transaction.atomic():
        a_job()
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert woken == []
    job = a_job()
    assert woken == [job.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_one_of_several_runners_gets_the_job() -> None:
    done: list[int] = []
    job = a_job(a_kind(lambda job, _tell: done.append(job.attempt)))
    outcomes = at_once(lambda: run_job(job.pk))
    assert sorted(outcomes, key=str) == [None, None, None, JobState.DONE]
    assert done == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_asked_for_by_several_at_once_it_is_one_job() -> None:
    kind = a_kind()
    jobs = at_once(lambda: enqueue(kind, dedupe_key="once", actor=service("test"), payload={}))
    assert len({job.pk for job in jobs}) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_the_effect_and_done_commit_together(organisation: tuple[Aims, Actor]) -> None:
    aims, _officer = organisation

    def finish(job: Job, _outcome: Any) -> dict[str, Any]:
        with acting_in(aims, service("test")):
            open_task("test", "thing:1", "A thing", owner_id=None)
        if job.payload.get("is_cancelled"):
            cancel(job)
        return {}

    kind = a_kind(finish=finish)
    lost = a_job(kind, is_cancelled=True)
    run_job(lost.pk)
    with acting_in(aims):
        assert not Task.objects.exists()
    kept = a_job(kind)
    assert run_job(kept.pk) is JobState.DONE
    with acting_in(aims):
        assert Task.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [JobFailed("The page cannot be drawn."), Refusal("Nothing is approved yet.")])
def test_work_that_cannot_succeed_fails_at_once_with_its_message(error: Exception) -> None:
    def work(_job: Job, _tell: Any) -> None:
        raise error

    job = a_job(a_kind(work))
    assert run_job(job.pk) is JobState.FAILED
    job.refresh_from_db()
    assert job.error == str(error)


@pytest.mark.django_db
def test_an_accident_is_tried_again_later_and_given_up_in_the_end() -> None:
    def work(_job: Job, _tell: Any) -> None:
        raise OSError("disk full")

    job = a_job(a_kind(work))
    pauses = []
    with clock.standing_at(NOON):
        for _attempt in range(MAX_ATTEMPTS - 1):
            assert run_job(job.pk) is JobState.QUEUED
            job.refresh_from_db()
            pauses.append(job.wake_at - NOON)
    assert pauses == [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5)]
    assert run_job(job.pk) is JobState.DEAD
    job.refresh_from_db()
    assert job.error == "OSError: disk full"


@pytest.mark.django_db
def test_a_kind_nobody_handles_ends_dead_and_says_so() -> None:
    job = enqueue("test.unknown", dedupe_key="1", actor=service("test"), payload={})
    for _attempt in range(MAX_ATTEMPTS):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, "test.unknown" in job.error) == (JobState.DEAD, True)


@pytest.mark.django_db
def test_progress_prolongs_the_lease_and_a_cancelled_job_stops() -> None:
    seen: list[tuple[int, str]] = []

    def work(job: Job, tell: Any) -> None:
        tell(40, "Laying out page 4")
        row = Job.objects.get(pk=job.pk)
        seen.append((row.progress, row.step))
        assert row.lease_until is not None
        assert row.lease_until > clock.now() + LEASE - timedelta(minutes=1)
        assert cancel(job)
        tell(50, "Laying out page 5")
        seen.append((50, "never"))

    job = a_job(a_kind(work))
    assert run_job(job.pk) is JobState.CANCELLED
    assert seen == [(40, "Laying out page 4")]
    assert not cancel(job)


@pytest.mark.django_db
def test_a_worker_that_died_leaves_the_job_to_another() -> None:
    job = a_job()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=1, lease_until=NOON)
    with clock.standing_at(NOON - timedelta(seconds=1)):
        sweep()
    assert Job.objects.get().state == JobState.RUNNING
    with clock.standing_at(NOON + timedelta(seconds=1)):
        sweep()
    assert Job.objects.get().state == JobState.QUEUED
    assert run_job(job.pk) is JobState.DONE
    assert Job.objects.get().attempt == 2


@pytest.mark.django_db
def test_a_job_whose_workers_always_die_is_given_up() -> None:
    job = a_job()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=MAX_ATTEMPTS, lease_until=NOON)
    with clock.standing_at(NOON + timedelta(seconds=1)):
        sweep()
    assert Job.objects.get().state == JobState.DEAD
    assert run_job(job.pk) is None


@pytest.mark.django_db
def test_a_worker_that_was_only_slow_loses_its_effect() -> None:
    finished: list[str] = []

    def work(job: Job, _tell: Any) -> str:
        if job.attempt == 1:
            with clock.standing_at(clock.now() + 2 * LEASE):
                sweep()
            assert run_job(job.pk) is JobState.DONE
        return f"attempt {job.attempt}"

    def finish(_job: Job, outcome: str) -> dict[str, str]:
        finished.append(outcome)
        return {"by": outcome}

    job = a_job(a_kind(work, finish))
    run_job(job.pk)
    row = Job.objects.get()
    assert (row.state, row.result) == (JobState.DONE, {"by": "attempt 2"})
    assert finished == ["attempt 2", "attempt 1"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_work_that_says_nothing_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.actions.lease.LEASE", timedelta(seconds=0.6))
    until = []

    def work(job: Job, _tell: Any) -> None:
        for _look in range(2):
            time.sleep(0.5)
            until.append(Job.objects.get(pk=job.pk).lease_until)
            sweep()

    Job.objects.all().update(lease_until=None)
    assert run_job(a_job(a_kind(work)).pk) is JobState.DONE
    assert until[0] < until[1]
    assert until[1] < clock.now() + timedelta(seconds=1)


@pytest.mark.django_db
def test_a_lost_wake_up_is_sent_again_ever_more_rarely(woken: list[int]) -> None:
    with clock.standing_at(NOON):
        job = a_job()
        assert sweep() == 0
    instants = []
    moment = NOON
    while moment < NOON + timedelta(hours=2):
        moment += timedelta(seconds=2)
        with clock.standing_at(moment):
            instants += [moment - NOON] * sweep()
    assert instants[0] == PATIENCE
    gaps = [later - sooner for sooner, later in pairwise(instants)]
    assert min(gaps) == timedelta(minutes=1)
    assert max(gaps) == timedelta(minutes=15)
    assert len(instants) < 15
    assert set(woken) == {job.pk}


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_of_several_sweepers_one_wakes_the_job() -> None:
    with clock.standing_at(NOON):
        a_job()
    assert sum(at_once(sweep)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_keeps_nobody_from_asking(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_name: str, args: list[int]) -> None:
        raise OperationalError("connection refused")

    settings.REDIS_URL = "redis://nowhere"
    monkeypatch.setattr(current_app, "send_task", away)
    job = a_job()
    assert Job.objects.get() == job
