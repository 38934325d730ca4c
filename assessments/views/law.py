"""The EU AI Act view of an edition, or of a system with the assessment that stands."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts import clock
from aims.history import rows_at
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from assessments.law.data import all_dates
from assessments.law.view import law_view, view_of
from assessments.models import Assessment, AssessmentState
from assessments.views.editor import JOINED, one, one_then
from systems.models import AiSystem


@require_GET
@of_any_date
def of_edition(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Show what the Act asks beside what an edition tells."""
    row = one_then(code, edition, request.at) if request.at else one(code, edition)
    return _show(request, row.system, row)


@require_GET
@of_any_date
def of_system(request: AimsRequest, system: str) -> HttpResponse:
    """Show what the Act asks beside the edition in force, else the newest; a system without one is told nothing."""
    found = _system(request, system)
    return _show(request, found, _current(request, found))


def _system(request: AimsRequest, code: str) -> AiSystem:
    if request.at is None:
        found: AiSystem = get_object_or_404(AiSystem.objects.all(), code=code)
        return found
    then: AiSystem = found_then(rows_at(AiSystem, request.at, code=code).first(), AiSystem.objects.filter(code=code))
    return then


def _current(request: AimsRequest, system: AiSystem) -> Assessment | None:
    rows = list(rows_at(Assessment, request.at, system=system.pk).select_related(*JOINED).order_by("-id"))
    decided = (row for row in rows if row.state == AssessmentState.DECIDED)
    found = next(decided, next(iter(rows), None))
    if found:
        found.system = system
    return found


def _show(request: AimsRequest, system: AiSystem, row: Assessment | None) -> HttpResponse:
    day = request.as_of or clock.today(request.aims.time_zone)
    law = view_of(row, day, request.at) if row else law_view(system.record, {}, day)
    context = {"system": system, "row": row, "law": law, "versions": all_dates()}
    return render(request, "assessments/law/page.html", context)
