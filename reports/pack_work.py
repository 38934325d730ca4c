"""The job `reports.pack`: written into the store's draft outside transactions, noted in one with the job's end."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from evidence.store import Stored, store
from jobs.models import Job
from jobs.registry import JobFailed, Progress
from reports.actions.pack import MadePack, complete_pack
from reports.models import Pack
from reports.packing import make

ACTOR = service("packer")


def work(job: Job, progress: Progress) -> MadePack:
    """Write the pack and keep its bytes; a cancelled one stops at the next step and leaves nothing."""
    aims = _aims(job)
    with acting_in(aims, ACTOR):
        pack = _pack(job)
    with store().draft() as draft:
        made = make(pack, aims, draft.file, progress, actor=ACTOR)
        progress(99, _("Store the file"))
        draft.settle(Stored(made.sha256, made.size))
    return made


def finish(job: Job, made: MadePack) -> dict[str, Any]:
    """Note the file on the pack and its checkpoint among those that went outside, together with the job's end."""
    with acting_in(_aims(job), ACTOR):
        complete_pack(_pack(job), made, actor=ACTOR)
    return asdict(made)


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims


def _pack(job: Job) -> Pack:
    return Pack.objects.get(pk=int(job.payload["pack"]))
