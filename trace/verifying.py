"""Verifying the whole chain as a job: slow work outside transactions, its verdict committed with `done`."""

from typing import Any

from django.utils.translation import gettext as _

from jobs.models import Job
from jobs.registry import JobFailed, Progress
from ledger.actions import note
from ledger.models import Log
from ledger.verify import Verdict, verify

KIND = "trace.verify"


def work(job: Job, progress: Progress) -> Verdict:
    """Recompute the log, telling how far it is."""
    log = Log.unscoped.filter(aims_id=job.aims_id or 0).first()
    if log is None:
        raise JobFailed(_("Nothing has been recorded yet."))
    step = _("Recomputing leaves")
    progress(0, step)
    return verify(log, lambda done, size: progress(done * 100 // max(size, 1), step))


def finish(_job: Job, verdict: Verdict) -> dict[str, Any]:
    """Note the verdict with the log."""
    note(verdict)
    return {"size": verdict.size, "root": verdict.root, "fault": verdict.fault}
