"""The job `reports.soa`: read within the tenant, lay out outside transactions, write down in one."""

from dataclasses import asdict, dataclass
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
from reports.judged.make import name_of_judged, pressed_judged, read_judged, signatory_of_judged
from reports.judged.source import JudgedSource
from reports.make import Pressed, checkpoint_for, file_name, pressed, signatory_for
from reports.models import Report, ReportKind
from reports.render import Renderer
from reports.signatory import Signatory
from reports.sources import source_of

LARGEST = 200 * 1024 * 1024


def work(job: Job, progress: Progress) -> Made:
    """Make the PDF, sign it and store its bytes; beside the store, only a first certificate is written down."""
    aims = _aims(job)
    with acting_in(aims, service("renderer")):
        kind = _report(job).kind
    made = _judged(job, aims, progress) if kind != ReportKind.STATEMENT else _statement(job, aims, progress)
    progress(90, made.pressed.note or _("Store the file"))
    stored = keep(BytesIO(made.pressed.pdf), LARGEST)
    return Made(
        stored.sha256,
        stored.size,
        made.pressed.pages,
        made.name,
        signed_with=made.signatory.pk if made.signatory else None,
        is_timestamped=made.pressed.is_timestamped,
        signing_note=made.pressed.note,
        records=made.records,
        digest=made.digest,
    )


@dataclass(frozen=True, slots=True)
class _Laid:
    """A finished PDF before it is stored: under which name, who signed it, and what it stands for."""

    pressed: Pressed
    name: str
    signatory: Signatory | None
    records: int = 0
    digest: str = ""


def _statement(job: Job, aims: Aims, progress: Progress) -> _Laid:
    with Renderer() as renderer:
        progress(2, _("Read the statement"))
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
    return _Laid(made, file_name(source), signatory, records=checkpoint.size)


def _judged(job: Job, aims: Aims, progress: Progress) -> _Laid:
    with Renderer() as renderer:
        progress(2, _("Read the assessments"))
        actor = service("renderer")
        with acting_in(aims, actor):
            report = _report(job)
            source = read_judged(aims, report.assessment_id)
            signatory = signatory_of_judged(aims, source, actor=actor)
        made = pressed_judged(renderer, source, progress, signatory=signatory)
    digest = source.digest if isinstance(source, JudgedSource) else ""
    return _Laid(made, name_of_judged(source), signatory, digest=digest)


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
