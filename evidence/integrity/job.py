"""The job `evidence.integrity`: list the files within the tenant, hash them outside transactions, note it at the end.

A worker is stopped after fifteen minutes, so a large store is checked by several jobs, each going on where the one
before it ended; no file is hashed twice.
"""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from evidence.actions.check import ask_for_check, go_on, note_check
from evidence.integrity.check import Tally, check
from evidence.integrity.holdings import Holdings
from evidence.ports import stored_files
from jobs.models import Job
from jobs.registry import JobFailed, Progress

SECONDS = 600.0
PAUSE = 0.5
CHECKER = service("integrity")


@dataclass(frozen=True, slots=True)
class Found:
    """What one job found, and whether that was all."""

    tally: Tally
    is_all: bool


class _Telling:
    """Tells progress twice a second at most, by bytes; telling also finds out that somebody cancelled."""

    def __init__(self, progress: Progress, totals: tuple[int, int]) -> None:
        self._progress = progress
        self._files, self._bytes = totals
        self._next = 0.0

    def __call__(self, tally: Tally) -> None:
        if monotonic() < self._next:
            return
        self._next = monotonic() + PAUSE
        words = {"done": tally.files, "all": self._files}
        percent = min(tally.covered * 100 // max(self._bytes, 1), 99)
        self._progress(percent, _("%(done)s of %(all)s files") % words)


def ask_nightly() -> None:
    """Ask for a check of each AIMS once a day; asking again changes nothing.

    The day is that of UTC, as the schedule's is: by the organisation's own, a start in the evening uses up the night.
    """
    day = clock.now().date().isoformat()
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, CHECKER):
            ask_for_check(actor=CHECKER, key=day)


def work(job: Job, progress: Progress) -> Found:
    """Hash what is stored, from where the job before it ended, as long as the time lasts."""
    tally = Tally.of(job.payload["tally"]) if "tally" in job.payload else Tally()
    with Holdings() as holdings:
        with acting_in(_aims(job), CHECKER):
            holdings.take(stored_files())
        telling = _Telling(progress, holdings.totals())
        telling(tally)
        is_all = check(holdings, tally, telling, seconds=SECONDS)
    return Found(tally, is_all)


def finish(job: Job, found: Found) -> dict[str, Any]:
    """Note the outcome in the transaction that ends the job, or hand over to the next one."""
    with acting_in(_aims(job), CHECKER):
        if not found.is_all:
            return {"next": go_on(job, found.tally, actor=CHECKER).pk}
        started_at = datetime.fromisoformat(job.payload["started_at"])
        row = note_check(found.tally, started_at=started_at, by_id=job.payload["by"], actor=CHECKER)
    return {"check": row.pk, "files": row.files, "altered": row.altered, "missing": row.missing}


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims
