"""Run one job: claim it by a lease, work outside transactions, commit effect and `done` together."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.refusals import Refusal
from jobs.actions.lease import Lease
from jobs.models import LEASE, MAX_ATTEMPTS, Job, JobState
from jobs.registry import JobFailed, handler_of

log = logging.getLogger(__name__)

BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))


class LostLease(Exception):
    """Another worker took the job over, or a person cancelled it: this attempt's effect is dropped."""


def run_job(job_id: int) -> JobState | None:
    """Take a queued job and see it through; None when there was nothing to take."""
    job = _claim(job_id)
    if job is None:
        return None
    try:
        handler = handler_of(job.kind)
        with Lease(job):
            outcome = handler.work(job, lambda percent, step: _tell(job, percent, step))
        with transaction.atomic():
            _finish(job, handler.finish(job, outcome))
    except (JobFailed, Refusal) as error:
        if isinstance(error, Refusal) and error.may_pass:
            _retry(job, error)
        else:
            _close(job, JobState.FAILED, str(error))
    except LostLease:
        log.warning("Job %s went to another worker.", job_id)
    except Exception as error:
        log.exception("Job %s failed", job_id)
        _retry(job, error)
    job.refresh_from_db()
    return JobState(job.state)


def _claim(job_id: int) -> Job | None:
    job = Job.objects.filter(pk=job_id, state=JobState.QUEUED).first()
    if job is None:
        return None
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED, attempt=job.attempt).update(
        state=JobState.RUNNING, attempt=job.attempt + 1, lease_until=clock.now() + LEASE, error=""
    )
    if not taken:
        return None
    job.refresh_from_db()
    return job


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)


def _tell(job: Job, percent: int, step: str) -> None:
    if not _mine(job).update(progress=percent, step=step, lease_until=clock.now() + LEASE):
        raise LostLease


def _finish(job: Job, result: dict[str, Any]) -> None:
    done = {"state": JobState.DONE, "progress": 100, "step": "", "result": result, "finished_at": clock.now()}
    if not _mine(job).update(**done, lease_until=None):
        raise LostLease


def _close(job: Job, state: JobState, message: str) -> None:
    _mine(job).update(state=state, error=message, step="", finished_at=clock.now(), lease_until=None)


def _retry(job: Job, error: Exception) -> None:
    message = str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
    if job.attempt >= MAX_ATTEMPTS:
        _close(job, JobState.DEAD, message)
        return
    again = clock.now() + BACK_OFF[min(job.attempt, len(BACK_OFF)) - 1]
    _mine(job).update(state=JobState.QUEUED, error=message, step="", lease_until=None, wake_at=again)
