"""Import and export: a file in, its rows with their verdicts, then the checks; the draft out as a spreadsheet."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import require
from accounts.serving import attached
from aims import past
from aims.doors import refusals_on, status_of
from aims.forms import AssayForm
from aims.middleware import AimsRequest
from aims.past import of_any_date
from soa.actions import read_in, take_in
from soa.bringing import exported
from soa.intake.write import NotWritable, write_csv, write_xlsx
from soa.models import Applicability, Intake
from soa.permissions import may_steer
from soa.queries.rows import read_sheet

LIMIT = 20 * 1024 * 1024
ORDER = ("rejected", "flagged", "matched", "skipped")
KINDS = {
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}


class UploadForm(AssayForm):
    """A statement as a file."""

    file = forms.FileField(
        label=gettext_lazy("Statement of Applicability"),
        help_text=gettext_lazy(
            "Excel (.xlsx), CSV, TSV or Markdown, up to 20 MB. Nothing is written until you have seen every row."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LIMIT:
            raise forms.ValidationError(_("This file is larger than 20 MB. Save the statement's sheets on their own."))
        return file


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file with its place in the plan."""

    place: int
    row: dict[str, Any]
    applies: str


@require_http_methods(["GET", "POST"])
def upload(request: AimsRequest) -> HttpResponse:
    """Take a file and show what an import of it would do."""
    require(may_steer(request.actor), _("Importing takes a compliance officer or an administrator."))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form, "file"):
            intake = read_in(file.read(), file.name, request.aims, actor=request.actor)
            return redirect("soa:intake", request.aims.slug, intake.pk)
    earlier = Intake.objects.defer("data", "plan").select_related("by")[:10]
    return render(request, "soa/import.html", {"form": form, "earlier": earlier}, status=status_of(form))


@require_http_methods(["GET", "POST"])
def preview(request: AimsRequest, pk: int) -> HttpResponse:
    """Show every row of the file, worst first; on POST take the matched and the chosen flagged ones."""
    require(may_steer(request.actor))
    intake = get_object_or_404(Intake.objects.defer("data"), pk=pk)
    form = AssayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            flagged = {int(place) for place in request.POST.getlist("flagged") if place.isdecimal()}
            taken = take_in(intake, flagged=flagged, actor=request.actor)
            return _landed(request, taken)
    lines = [Line(place, row, _applies(row)) for place, row in enumerate(intake.plan["rows"])]
    groups = [(verdict, [line for line in lines if line.row["verdict"] == verdict]) for verdict in ORDER]
    context = {"intake": intake, "groups": groups, "form": form, "total": len(lines)}
    return render(request, "soa/intake.html", context, status=status_of(form))


def _applies(row: dict[str, Any]) -> str:
    return str(Applicability(row["entry"]["applicability"]).label) if row["entry"] else ""


def _landed(request: AimsRequest, intake: Intake) -> HttpResponse:
    result = intake.result
    messages.success(request, _("%(n)s rows taken in") % {"n": result["taken"]})
    for text in result["held_back"]:
        messages.warning(request, _("Left undecided: %(why)s") % {"why": text})
    if result["owners"]:
        messages.info(request, _("Owners without a sign-in wait on the people page for their email address."))
    if result["evidence"]:
        messages.info(request, _("Documents named in the file stand under evidence as still to be given."))
    return redirect("soa:checks", request.aims.slug)


@require_GET
@of_any_date
def export(request: AimsRequest, form: str) -> HttpResponse:
    """Hand the draft out as a spreadsheet that imports back to the same statement."""
    if form not in KINDS:
        raise Http404
    write, media_type = KINDS[form]
    stream = BytesIO()
    try:
        write(exported(read_sheet(request.aims, request.at)), stream)
    except NotWritable as error:
        messages.error(request, _("Shorten this text first, or export as CSV. %(why)s") % {"why": error})
        return redirect("soa:workbench", request.aims.slug)
    name = f"soa-{request.aims.slug}-{past.today(request)}.{form}"
    return attached(stream.getvalue(), name, media_type)
