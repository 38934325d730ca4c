"""What every copy begins with: the AIMS of a job, and the newest checkpoint of its log.

The ticker signs what grew at every beat. Nothing here signs: a process that copies need not be one that may.
"""

from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from aims.models import Aims
from jobs.models import Job
from jobs.registry import JobFailed
from ledger.actions.seal import halt
from ledger.holding import holding
from ledger.known import RolledBack, hold
from ledger.models import Checkpoint


class NotSigned(Refusal):
    """There is no checkpoint yet."""


def aims_of(job: Job) -> Aims:
    """Return the AIMS that the job works for, as long as it is there."""
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims


def newest_checkpoint(aims_id: int) -> Checkpoint:
    """Return the newest checkpoint; raises NotSigned, and RolledBack for a log that is older than one known outside."""
    with holding(aims_id) as log:
        row = Checkpoint.objects.order_by("-size").first()
        if log is None or row is None:
            raise NotSigned(_("Nothing has been signed yet. The ticker signs within seconds of the first record."))
        hold(log.origin, log.size, bytes.fromhex(log.root))
        return row


def newest_or_halt(aims_id: int) -> Checkpoint:
    """Return the newest checkpoint for a job, which halts a log that is too old."""
    try:
        return newest_checkpoint(aims_id)
    except RolledBack as fault:
        halt(aims_id, str(fault))
        raise
