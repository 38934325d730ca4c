"""Versions: submit, approve with the difference in view, return, compare any two, drift since."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Conflict
from aims.authority import Exercised, exercised_at
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from aims.seats import shown_to_seats
from soa.actions import approve, return_version, submit
from soa.checks import flags_of
from soa.diff import EntryDiff, entry_diffs
from soa.events import APPROVED, RETURNED, SUBMITTED
from soa.forms import ApproveForm, ReturnForm, SubmitForm
from soa.models import StatementVersion, VersionState
from soa.permissions import may_approve, may_return, may_steer
from soa.policies import own_version
from soa.queries.approvers import approvers_for, authors_of
from soa.queries.rows import Sheet, body_of, read_sheet
from soa.queries.versions import KEPT, as_it_stood, kept_version
from soa.queries.versions import versions as all_versions

DRAFT = "draft"


def _draft_rows(sheet: Sheet) -> list[dict[str, Any]]:
    return [row.decision | {"code": row.code, "title": row.requirement.title} for row in sheet.rows]


def _against(version: StatementVersion | None, rows: Sequence[dict[str, Any]]) -> list[EntryDiff]:
    return list(entry_diffs(body_of(version)["entries"] if version else [], rows))


def _before(version: StatementVersion, request: AimsRequest) -> StatementVersion | None:
    """The approved version before; for a seat, none that is not shared with it."""
    kept = all_versions(request.at).filter(number__lt=version.number, state__in=KEPT).order_by("-number")
    if request.actor.is_seat:
        kept = kept.filter(number__in=[row.number for row in kept.defer("body") if request.actor.sees(row.ref)])
    return kept.first()


@require_http_methods(["GET", "POST"])
def submit_draft(request: AimsRequest) -> HttpResponse:
    """Show what would be frozen (the difference, what blocks, what warns), and freeze it."""
    form = SubmitForm(request.POST if request.method == "POST" else None)
    admit(request.method == "GET" or may_steer(request.actor))
    if form.is_valid():
        with refusals_on(form):
            version = submit(request.aims, summary=form.cleaned_data["summary"], actor=request.actor)
            messages.success(request, _("Version %(n)s waits for approval") % {"n": version.number})
            return redirect("soa:version", request.aims.slug, version.pk)
    sheet = read_sheet(request.aims)
    flags = flags_of(sheet)
    context = {
        "form": form,
        "sheet": sheet,
        "blocking": [flag for flag in flags if flag.blocks],
        "warnings": [flag for flag in flags if not flag.blocks],
        "diffs": _against(sheet.in_force, _draft_rows(sheet)),
        "may_steer": may_steer(request.actor),
    }
    return render(request, "soa/submit.html", context, status=status_of(form))


@require_GET
@of_any_date
def versions(request: AimsRequest) -> HttpResponse:
    """List every version with who submitted and decided it, and what has drifted since."""
    rows = all_versions(request.at).defer("body").select_related("submitted_by", "decided_by")
    sheet = read_sheet(request.aims, request.at)
    context = {
        "versions": [as_it_stood(row, request.at) for row in rows],
        "sheet": sheet,
        "base": sheet.waiting or sheet.in_force,
        "drift": len(sheet.changed),
        "may_steer": may_steer(request.actor),
    }
    return render(request, "soa/versions.html", context)


@shown_to_seats(kept_version)
@require_GET
@of_any_date
def version(request: AimsRequest, pk: int) -> HttpResponse:
    """Show a version: its difference to the one before, its warnings, and what its reader may do."""
    row = found_then(all_versions(request.at).filter(pk=pk).first(), StatementVersion.objects.filter(pk=pk))
    return _version(request, as_it_stood(row, request.at))


def _version(request: AimsRequest, row: StatementVersion, status: int = 200, **forms: Any) -> HttpResponse:
    waits = row.state == VersionState.SUBMITTED
    authors = authors_of(row) if waits else frozenset()
    own_work = own_version(request.actor, row, authors) if waits and may_approve(request.actor) else ""
    before = _before(row, request)
    initial = {"seen": row.version, "digest": row.digest}
    context = {
        "version": row,
        "before": before,
        "whole": before is None and request.actor.is_seat,
        "diffs": _against(before, body_of(row)["entries"]),
        "body": body_of(row),
        "waits": waits,
        "approves": waits and may_approve(request.actor) and not own_work,
        "own_work": own_work,
        "returns": waits and not request.as_of and may_return(request.actor, row),
        "takes_back": row.submitted_by_id == request.actor.user_id,
        "approvers": approvers_for(row) if waits else [],
        "authority": _authority(row),
        "approve_form": ApproveForm(initial=initial),
        "return_form": ReturnForm(initial=initial),
    }
    return render(request, "soa/version.html", context | forms, status=status)


def _authority(row: StatementVersion) -> dict[str, Exercised | None]:
    """Under which authority the version was submitted and decided on, and whether it held then."""
    decision = RETURNED.name if row.state == VersionState.RETURNED else APPROVED.name
    found = exercised_at(row.ref, {SUBMITTED.name: row.submitted_at, decision: row.decided_at})
    return {"submitted": found.get(SUBMITTED.name), "decided": found.get(decision)}


def _moved_on(request: AimsRequest, conflict: Conflict) -> HttpResponse:
    """Show the version as it stands now, and keep the words that came too late."""
    messages.error(request, _("Someone else decided on this version meanwhile. It is shown as it stands."))
    if words := "".join(str(value) for value in conflict.offered.values()):
        messages.warning(request, _("You wrote: %(words)s") % {"words": words})
    return _version(request, conflict.current, status=409)


@require_POST
def approve_submitted(request: AimsRequest, pk: int) -> HttpResponse:
    """Approve by the digest that was shown."""
    admit(may_approve(request.actor), _("Approving takes the approver role."))
    row, form = get_object_or_404(StatementVersion, pk=pk), ApproveForm(request.POST)
    if form.is_valid():
        try:
            with refusals_on(form):
                approve(row, actor=request.actor, **form.cleaned_data)
                messages.success(request, _("Version %(n)s is approved and in force") % {"n": row.number})
                return redirect("soa:version", request.aims.slug, pk)
        except Conflict as conflict:
            return _moved_on(request, conflict)
    return _version(request, row, status=422, approve_form=form)


@require_POST
def return_submitted(request: AimsRequest, pk: int) -> HttpResponse:
    """Return a version with what has to change."""
    row, form = get_object_or_404(StatementVersion, pk=pk), ReturnForm(request.POST)
    admit(may_return(request.actor, row), _("Returning takes an approver, or the person who submitted it."))
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                return_version(row, actor=request.actor, **form.cleaned_data)
                return redirect("soa:version", request.aims.slug, pk)
        except Conflict as conflict:
            return _moved_on(request, conflict)
    return _version(request, row, status=422, return_form=form)


@require_GET
@of_any_date
def compare(request: AimsRequest) -> HttpResponse:
    """Compare any two versions, or one with the draft."""
    stood = [as_it_stood(row, request.at) for row in all_versions(request.at).defer("body")]
    rows = [row for row in stood if row.state != VersionState.RETURNED]
    options = [(str(row.pk), _("Version %(n)s") % {"n": row.number}) for row in rows]
    latest = next(
        (str(row.pk) for row in rows if row.state == VersionState.APPROVED), options[-1][0] if options else ""
    )
    older = request.GET.get("from") or latest
    newer = request.GET.get("to") or DRAFT
    sheet = read_sheet(request.aims, request.at)
    diffs = list(entry_diffs(_rows_of(older, sheet), _rows_of(newer, sheet))) if options else []
    context = {
        "options": [*options, (DRAFT, _("Draft %(n)s") % {"n": sheet.number})],
        "older": older,
        "newer": newer,
        "diffs": diffs,
        "has_versions": bool(options),
    }
    return render(request, "soa/compare.html", context)


def _rows_of(choice: str, sheet: Sheet) -> list[dict[str, Any]]:
    if choice == DRAFT:
        return _draft_rows(sheet)
    row = get_object_or_404(all_versions(sheet.at), pk=choice if choice.isdecimal() else 0)
    rows: list[dict[str, Any]] = body_of(row)["entries"]
    return rows
