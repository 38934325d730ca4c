"""The page of reports: ask, watch, cancel, try again, take out."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.refusals import NotAllowed, Refusal
from accounts.serving import streamed
from aims.doors import refusals_on
from aims.middleware import AimsRequest
from aims.seats import shown_to_seats
from assessments.models import Assessment
from evidence.store import StoreAway
from reports.actions import ask_judgement, ask_report, cancel_report, download_report
from reports.actions.download import NotThere
from reports.forms import ReportForm
from reports.listing import report_page, reports, row_of
from reports.models import Report, ReportKind
from reports.sources import latest_approved


@require_GET
def index(request: AimsRequest) -> HttpResponse:
    """Show what was made and what is being made, beside the form that asks for more."""
    return _page(request, _form(request))


@require_POST
def ask(request: AimsRequest) -> HttpResponse:
    """Take an order for a report."""
    form = _form(request, request.POST)
    if form.is_valid():
        with refusals_on(form, "source"):
            ask_report(request.aims, **form.asked, actor=request.actor)
            return redirect("reports:list", request.aims.slug)
    return _page(request, form, status=422)


@require_POST
def ask_assessment(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Take an order for the report of one impact assessment."""
    assessment = get_object_or_404(Assessment.objects.defer("frozen"), code=code, edition=edition)
    return _then_list(request, lambda: ask_judgement(request.aims, assessment=assessment, actor=request.actor))


@require_POST
def ask_portfolio(request: AimsRequest) -> HttpResponse:
    """Take an order for the report of every system's judgement."""
    return _then_list(request, lambda: ask_judgement(request.aims, actor=request.actor))


@require_GET
def row(request: AimsRequest, pk: int) -> HttpResponse:
    """Answer the row that asks again while its report is made; without scripts, the whole page."""
    report = _one(pk)
    if not request.headers.get("HX-Request"):
        return redirect("reports:list", request.aims.slug)
    return _row(request, report)


@require_POST
def cancel(request: AimsRequest, pk: int) -> HttpResponse:
    """Stop a report that is being made."""
    return _then_list(request, lambda: cancel_report(_one(pk), actor=request.actor))


@require_POST
def again(request: AimsRequest, pk: int) -> HttpResponse:
    """Ask for the same report once more."""
    old = _one(pk)
    if old.kind != ReportKind.STATEMENT:
        return _then_list(request, lambda: ask_judgement(request.aims, assessment=old.assessment, actor=request.actor))
    given: dict[str, Any] = {"edition": old.edition, "as_of": old.as_of}
    version = None if old.as_of else old.statement_version
    return _then_list(request, lambda: ask_report(request.aims, version=version, actor=request.actor, **given))


@shown_to_seats(lambda pk: (f"report:{pk}",))
@require_GET
def download(request: AimsRequest, pk: int) -> HttpResponseBase:
    """Hand the file over, noted and harmless: an attachment, sandboxed, never sniffed, never cached."""
    report = _one(pk)
    try:
        stream = download_report(report, actor=request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except (NotThere, StoreAway) as refusal:
        status = 503 if isinstance(refusal, StoreAway) else 410
        if request.actor.is_seat:
            return HttpResponse(refusal.message, status=status, content_type="text/plain; charset=utf-8")
        return _page(request, _form(request), status=status, problem=refusal.message)
    return streamed(stream, report.name, "application/pdf")


def _one(pk: int) -> Report:
    return get_object_or_404(reports(), pk=pk)


def _form(request: AimsRequest, data: Any = None) -> ReportForm:
    return ReportForm.of(request.actor, latest_approved(), clock.today(request.aims.time_zone), data)


def _then_list(request: AimsRequest, act: Any) -> HttpResponse:
    try:
        act()
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refusal as refusal:
        return _page(request, _form(request), status=422, problem=refusal.message)
    return redirect("reports:list", request.aims.slug)


def _row(request: AimsRequest, report: Report) -> HttpResponse:
    shown = row_of(report, request.aims, request.actor)
    return render(request, "reports/row_alone.html", {"row": shown})


def _page(request: AimsRequest, form: ReportForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    page, rows = report_page(request.aims, request.actor, request.GET.get("page", "1"))
    context = {"form": form, "page": page, "rows": rows, "problem": problem, "is_busy": any(r.is_open for r in rows)}
    return render(request, "reports/list.html", context, status=status)
