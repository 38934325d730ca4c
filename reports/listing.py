"""The list of reports as the page shows it: finished strings, one query."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.models import Aims
from assessments.models import Assessment
from evidence.store import megabytes
from jobs.models import JobState
from reports.models import Edition, Report, ReportKind
from reports.paper import words
from reports.permissions import may_cancel, may_see
from reports.steps import Plan, StepLine, error_of, mark_of, steps_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report with its state and the ways on from it."""

    anchor: str
    title: str
    about: str
    state: str
    state_label: str
    glyph: str
    tone: str
    is_open: bool
    percent: int
    steps: tuple[StepLine, ...]
    error: str
    file: str
    sha256: str
    signed: str
    certificate: str
    note: str
    address: str
    shareable: str
    download: str
    cancel: str
    again: str


def reports() -> QuerySet[Report]:
    """Return the reports with what a row shows, without the bodies of versions."""
    joined = Report.objects.select_related(
        "job", "asked_by", "statement_version", "signed_with", "assessment", "assessment__system"
    )
    heavy = ("statement_version__body", "signed_with__chain", "assessment__frozen", "assessment__system__record")
    return joined.defer(*heavy).order_by("-pk")


def report_page(aims: Aims, actor: Actor, number: str) -> tuple[Page[Report], list[ReportRow]]:
    """Return a page of 50, newest first."""
    page = Paginator(reports(), PAGE_SIZE).get_page(number)
    return page, [row_of(report, aims, actor) for report in page.object_list]


def row_of(report: Report, aims: Aims, actor: Actor) -> ReportRow:
    """Return one row."""
    job = report.job
    state = JobState(job.state) if job else JobState.DONE
    is_open = not report.is_ready and state in (JobState.QUEUED, JobState.RUNNING)
    glyph, tone = mark_of(state, is_ready=report.is_ready, ready="seal" if report.signed_with_id else "done")
    is_stopped = not report.is_ready and not is_open
    return ReportRow(
        anchor=f"report-{report.pk}",
        title=title_of(report),
        about=_about(report),
        state=str(state),
        state_label=_state_label(report, state),
        glyph=glyph,
        tone=tone,
        is_open=is_open,
        percent=job.progress if job else 100,
        steps=steps_of(job, _plan(report)) if job and is_open else (),
        error=error_of(job) if job and is_stopped else "",
        file=_file(report),
        sha256=report.sha256,
        signed=_("Signed by %(name)s, certificate") % {"name": report.signed_with} if report.signed_with else "",
        certificate=start_of(report.signed_with.fingerprint_sha256) if report.signed_with else "",
        note=_("The signature carries a timestamp.") if report.is_timestamped else report.signing_note,
        address=reverse("reports:row", args=[aims.slug, report.pk]),
        shareable=report.ref if report.is_shareable else "",
        download=_way("download", report, aims, allowed=report.is_ready and may_see(actor, report)),
        cancel=_way("cancel", report, aims, allowed=is_open and may_cancel(actor, report)),
        again=_way("again", report, aims, allowed=is_stopped),
    )


def title_of(report: Report) -> str:
    """Say what the report shows."""
    if report.kind == ReportKind.PORTFOLIO:
        return str(ReportKind.PORTFOLIO.label)
    if report.assessment is not None:
        return _assessment_title(report, report.assessment)
    edition = _("customer edition") if report.edition == Edition.CUSTOMER else _("complete edition")
    if report.is_draft or report.statement_version is None:
        what = _("Draft")
    elif report.as_of:
        given = {"n": report.statement_version.number, "day": words.day(report.as_of)}
        what = _("Version %(n)s, in force on %(day)s") % given
    else:
        what = _("Version %(n)s") % {"n": report.statement_version.number}
    return f"{what}, {edition}"


def _assessment_title(report: Report, row: Assessment) -> str:
    given = {"code": row.code, "edition": row.edition, "system": row.system.name}
    if report.is_ready and report.is_draft:
        return _("Impact assessment %(code)s, edition %(edition)s, draft: %(system)s") % given
    return _("Impact assessment %(code)s, edition %(edition)s: %(system)s") % given


def _about(report: Report) -> str:
    who = report.asked_by.display_name if report.asked_by else "Assay"
    return _("Asked for by %(who)s on %(when)s UTC") % {"who": who, "when": words.instant(report.asked_at)}


def start_of(fingerprint: str) -> str:
    """Write the first 16 digits of a fingerprint, in groups of four."""
    return words.in_fours(fingerprint[:16])


def _state_label(report: Report, state: JobState) -> str:
    if not report.is_ready:
        return str(state.label)
    return _("Signed") if report.signed_with_id else _("Ready")


def _file(report: Report) -> str:
    if not report.is_ready:
        return ""
    return _("%(n)s pages, %(size)s") % {"n": report.pages, "size": megabytes(report.size)}


def _way(verb: str, report: Report, aims: Aims, *, allowed: bool) -> str:
    return reverse(f"reports:{verb}", args=[aims.slug, report.pk]) if allowed else ""


def _plan(report: Report) -> Plan:
    first = _("Read the statement") if report.kind == ReportKind.STATEMENT else _("Read the assessments")
    return (
        (first, 10),
        (_("Lay out the pages"), 80),
        (_("Write the PDF"), 90),
        (_("Store the file"), 100),
    )
