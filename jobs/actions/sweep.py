"""Find the work that nobody will wake: its wake-up was lost, or its worker's lease ran out."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts import clock
from jobs.actions.enqueue import wake
from jobs.models import MAX_ATTEMPTS, Job, JobState

AT_ONCE = 500
AGAIN_AFTER = timedelta(minutes=1)
AGAIN_AT_MOST = timedelta(minutes=15)


def sweep() -> int:
    """Re-queue expired leases, close those without attempts left, wake what is due; returns how many were woken.

    A job behind a long queue is woken again ever more rarely, so that beats never flood the queue.
    """
    now = clock.now()
    _release(now)
    due = Job.objects.filter(state=JobState.QUEUED, wake_at__lte=now).order_by("wake_at", "pk")
    woken = [job for job in due.only("pk", "wake_at", "created_at")[:AT_ONCE] if _is_ours(job, now)]
    for job in woken:
        wake(job.pk)
    return len(woken)


def _release(now: datetime) -> None:
    expired = Q(state=JobState.RUNNING) & (Q(lease_until__lt=now) | Q(lease_until__isnull=True))
    Job.objects.filter(expired, attempt__gte=MAX_ATTEMPTS).update(
        state=JobState.DEAD, error="Its worker stopped, on every attempt.", step="", finished_at=now, lease_until=None
    )
    Job.objects.filter(expired).update(state=JobState.QUEUED, lease_until=None, wake_at=now)


def _is_ours(job: Job, now: datetime) -> bool:
    """Move the next wake-up on; of two sweepers only one succeeds."""
    later = now + min(max(AGAIN_AFTER, now - job.created_at), AGAIN_AT_MOST)
    return bool(Job.objects.filter(pk=job.pk, state=JobState.QUEUED, wake_at=job.wake_at).update(wake_at=later))
