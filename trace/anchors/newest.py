"""What every copy begins with: the AIMS of a job, and the newest checkpoint of its log."""

from django.utils.translation import gettext as _

from aims.models import Aims
from jobs.models import Job
from jobs.registry import JobFailed
from ledger.actions import checkpoint
from ledger.actions.seal import halt, seal_all
from ledger.known import RolledBack
from ledger.models import Checkpoint


def aims_of(job: Job) -> Aims:
    """Return the AIMS that the job works for, as long as it is there."""
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims


def newest_checkpoint(aims_id: int) -> Checkpoint:
    """Number what waits and sign it; raises Refusal where nothing can be signed, and halts a log that is too old."""
    seal_all(aims_id, wait=True)
    try:
        return checkpoint(aims_id)
    except RolledBack as fault:
        halt(aims_id, str(fault))
        raise
