"""Ask for work: the row is written in the asker's transaction, the wake-up follows the commit."""

import logging
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts import clock
from accounts.actor import Actor
from jobs.models import PATIENCE, Job, JobState

log = logging.getLogger(__name__)


def enqueue(kind: str, *, dedupe_key: str, actor: Actor, payload: dict[str, Any], aims_id: int | None = None) -> Job:
    """Write a job, or return the one that already bears this key."""
    job, is_new = Job.objects.get_or_create(
        kind=kind,
        dedupe_key=dedupe_key,
        defaults={
            "payload": payload,
            "aims_id": aims_id,
            "actor_id": actor.user_id,
            "wake_at": clock.now() + PATIENCE,
        },
    )
    if is_new:
        transaction.on_commit(lambda: wake(job.pk))
    return job


def wake(job_id: int) -> None:
    """Send the wake-up; when the queue is away the sweeper finds the job."""
    if not settings.REDIS_URL:
        return
    try:
        current_app.send_task("jobs.tasks.run", args=[job_id])
    except (OperationalError, RedisError, OSError) as error:
        log.warning("The queue is away (%s); job %s waits for the sweeper.", error, job_id)


def cancel(job: Job) -> bool:
    """Stop a job that has not finished; returns whether it was still open."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=[JobState.QUEUED, JobState.RUNNING]).update(
            state=JobState.CANCELLED, finished_at=clock.now(), step="", lease_until=None
        )
    )
