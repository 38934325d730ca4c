"""One assessment: its page, and each of its sections for htmx."""

from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import clock
from aims.clash import BothTexts
from aims.doors import status_of
from aims.history import rows_at
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from aims.seats import shown_to_seats
from assessments.editor import editor
from assessments.forms import DecideForm, PurposeForm
from assessments.models import Assessment
from assessments.queries.listing import decided_assessment
from systems.models import AiSystem

SECTIONS = (
    "scope",
    "data",
    "model",
    "deployment",
    "society",
    "purpose",
    "parties",
    "impacts",
    "mitigations",
    "decision",
    "signoff",
)
PARTIAL = dict.fromkeys(SECTIONS, "assessments/section.html") | {"around": "assessments/around.html"}
TEXTS = tuple(name for name in PurposeForm.base_fields if name != "seen")


JOINED = ("system", "criteria", "author", "decided_by", "replaces", "screening")


def one(code: str, edition: str) -> Assessment:
    """Return an edition with what its page needs, or answer 404."""
    return get_object_or_404(Assessment.objects.select_related(*JOINED), code=code, edition=edition)


def one_then(code: str, edition: str, at: datetime) -> Assessment:
    """Return an edition and its system as they stood at an instant, or answer 404."""
    rows = rows_at(Assessment, at, code=code, edition=edition).select_related(*JOINED)
    row = found_then(rows.first(), Assessment.objects.filter(code=code, edition=edition))
    row.system = rows_at(AiSystem, at, id=row.system_id).first() or row.system
    return row


@shown_to_seats(decided_assessment)
@require_GET
@of_any_date
def detail(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Show an assessment; an empty draft opens at its purpose."""
    return show(request, one_then(code, edition, request.at) if request.at else one(code, edition))


def show(
    request: AimsRequest,
    row: Assessment,
    section: str = "",
    *,
    form: BaseForm | None = None,
    about: str = "",
    clashes: list[BothTexts] | None = None,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    """Answer with the page, or with one section when htmx asks for it; `about` names the row that the form changes."""
    asked = getattr(request.htmx, "target", None) if request.htmx else None  # type: ignore[attr-defined]
    page = editor(row, request.actor, request.at)
    context = {
        "page": page,
        "row": row,
        "sheet": page.sheet,
        "form": form,
        "open_section": section,
        "about": about,
        "clashes": clashes,
        "here": address(request, row),
        "waiting": () if asked in PARTIAL else page.waiting,
        "saved_at": clock.now() if request.method == "POST" else None,
        "is_partial": asked in PARTIAL,
        "section_template": f"assessments/sections/{asked}.html",
        **more,
    }
    if page.may_decide:
        context["decide_form"] = form if isinstance(form, DecideForm) else decide_form(row)
    if form is None and page.may_edit and not row.intended_use and not request.htmx:  # type: ignore[attr-defined]
        context |= {"form": purpose_form(row), "open_section": "purpose"}
    status = status or (409 if clashes is not None else status_of(form) if form else 200)
    return render(request, PARTIAL.get(asked or "", "assessments/assessment.html"), context, status=status)


def saved(request: AimsRequest, row: Assessment, section: str) -> HttpResponse:
    """Answer a change: the section again for htmx, else back to its place on the page."""
    if request.htmx:  # type: ignore[attr-defined]
        return show(request, one(row.code, row.edition))
    return redirect(f"{address(request, row)}#{section}")


def posted(request: AimsRequest) -> Any:
    """Return what was sent, even when it is nothing, so that an empty form is refused and not shown as new."""
    return request.POST if request.method == "POST" else None


def address(request: AimsRequest, row: Assessment) -> str:
    """Return where an edition stands."""
    return reverse("assessments:detail", args=[request.aims.slug, row.code, row.edition])


def purpose_form(row: Assessment, data: Any = None) -> PurposeForm:
    """Return the form over the texts of an assessment."""
    initial = {name: getattr(row, name) for name in TEXTS} | {"seen": row.version}
    return PurposeForm(data, initial=initial, auto_id="purpose_%s")


def decide_form(row: Assessment, data: Any = None) -> DecideForm:
    """Return the form of the decision."""
    initial = {"seen": row.version, "next_review_on": row.next_review_on}
    return DecideForm(data, initial=initial, auto_id="decision_%s")
