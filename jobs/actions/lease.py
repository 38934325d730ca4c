"""Keep a job's lease while its work goes on, from a thread of its own: a killed worker is found out in two minutes."""

import logging
from contextvars import copy_context
from threading import Event, Thread
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from accounts import clock
from jobs.models import LEASE, Job, JobState

log = logging.getLogger(__name__)


class Lease:
    """Prolong a claim every third of its time; work that hangs for ever is ended by Celery's own limit."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._over = Event()
        self._thread = Thread(target=copy_context().run, args=(self._keep,), name=f"lease-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(LEASE.total_seconds() / 3):
            try:
                if not prolong(self._job):
                    return
            except DatabaseError as error:
                log.warning("The lease of job %s could not be prolonged: %s", self._job.pk, error)
            finally:
                connection.close()


def prolong(job: Job) -> bool:
    """Prolong the claim of this attempt; False when another worker has the job, or a person cancelled it."""
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)
    return bool(mine.update(lease_until=clock.now() + LEASE))
