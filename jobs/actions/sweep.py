"""Find the work that nobody will wake: queued for a while, or held by a worker whose lease ran out."""

from datetime import timedelta

from django.db.models import F

from accounts import clock
from jobs.actions.enqueue import wake
from jobs.models import MAX_ATTEMPTS, Job, JobState

PATIENCE = timedelta(seconds=20)


def sweep() -> int:
    """Re-queue expired leases, close those without attempts left, wake what waits; returns how many were woken."""
    now = clock.now()
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    expired.filter(attempt__gte=MAX_ATTEMPTS).update(
        state=JobState.DEAD, error="Its worker stopped, on every attempt.", finished_at=now
    )
    expired.update(state=JobState.QUEUED, lease_until=None, attempt=F("attempt"))
    waiting = Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - PATIENCE).order_by("pk")
    woken = list(waiting.values_list("pk", flat=True)[:500])
    for job_id in woken:
        wake(job_id)
    return len(woken)
