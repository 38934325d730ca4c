"""The job `reports.soa`: read within the tenant, lay out outside transactions, write down in one."""

from dataclasses import asdict
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from evidence.store import keep
from jobs.models import Job
from jobs.registry import JobFailed, Progress
from reports.actions import complete_report
from reports.actions.complete import Made
from reports.make import checkpoint_for, file_name, pressed, signatory_for
from reports.models import Report
from reports.render import Renderer
from reports.sources import source_of

LARGEST = 200 * 1024 * 1024


def work(job: Job, progress: Progress) -> Made:
    """Make the PDF, sign it and store its bytes; beside the store, only a first certificate is written down."""
    with Renderer() as renderer:
        progress(2, _("Read the statement"))
        aims = _aims(job)
        actor = service("renderer")
        checkpoint = checkpoint_for(aims)
        with acting_in(aims, actor):
            report = _report(job)
            about: dict[str, Any] = {
                "edition": report.edition,
                "version": report.statement_version,
                "as_of": report.as_of,
            }
            source = source_of(aims, **about, checkpoint=checkpoint)
            signatory = signatory_for(aims, source, actor=actor)
        made = pressed(renderer, source, progress, signatory=signatory)
    progress(90, made.note or _("Store the file"))
    stored = keep(BytesIO(made.pdf), LARGEST)
    return Made(
        stored.sha256,
        stored.size,
        made.pages,
        file_name(source),
        signed_with=signatory.pk if signatory else None,
        is_timestamped=made.is_timestamped,
        signing_note=made.note,
        records=checkpoint.size,
    )


def finish(job: Job, made: Made) -> dict[str, Any]:
    """Put the file's hash on the report, together with the job's end."""
    actor = service("renderer")
    with acting_in(_aims(job), actor):
        complete_report(_report(job), made, actor=actor)
    return asdict(made)


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims


def _report(job: Job) -> Report:
    return Report.objects.select_related("statement_version").get(pk=int(job.payload["report"]))
