"""The treatment plan: as the register stands, as it was put up, and as it was approved; as a page and as a workbook."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Conflict
from accounts.serving import attached
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from assessments import actions
from assessments.models import PlanState, TreatmentPlan
from assessments.permissions import may_decide_plan, may_submit_plan
from assessments.queries.treatment_plan import lines_of, plan_lines
from assessments.risk.forms import DecidePlanForm, SubmitPlanForm
from assessments.risk.workbook import plan_workbook
from assessments.views.editor import posted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def one(number: int) -> TreatmentPlan:
    """Return a plan, or answer 404."""
    rows = TreatmentPlan.objects.select_related("submitted_by", "decided_by")
    return get_object_or_404(rows, number=number)


@require_GET
def current(request: AimsRequest) -> HttpResponse:
    """Show what the plan would say now, and the plans before it."""
    return _show(request, SubmitPlanForm())


@require_http_methods(["GET", "POST"])
def submit(request: AimsRequest) -> HttpResponse:
    """Put the plan up for approval."""
    admit(may_submit_plan(request.actor))
    form = SubmitPlanForm(posted(request))
    if form.is_valid():
        with refusals_on(form):
            row = actions.submit_plan(actor=request.actor, **form.cleaned_data)
            return redirect("assessments:treatment-plan", request.aims.slug, row.number)
    return _show(request, form, status=status_of(form))


@require_GET
def detail(request: AimsRequest, number: int) -> HttpResponse:
    """Show a plan as it was put up or approved."""
    row = one(number)
    return _show_one(request, row, DecidePlanForm(initial={"seen": row.version}))


@require_http_methods(["GET", "POST"])
def approve(request: AimsRequest, number: int) -> HttpResponse:
    """Approve a plan; what remains is accepted with it."""
    admit(may_decide_plan(request.actor))
    return _decide(request, number, actions.approve_plan, _("Approved, accepted and recorded."))


@require_http_methods(["GET", "POST"])
def send_back(request: AimsRequest, number: int) -> HttpResponse:
    """Send a plan back with a reason."""
    admit(may_decide_plan(request.actor) or may_submit_plan(request.actor))
    return _decide(request, number, actions.return_plan, _("Sent back."))


@require_GET
def workbook(request: AimsRequest, number: int) -> HttpResponse:
    """Give a plan as a workbook."""
    row = one(number)
    data = plan_workbook(row.ref_code, lines_of(row), note=str(row.get_state_display()))
    return attached(data, f"{row.ref_code}.xlsx", XLSX)


@require_GET
def current_workbook(request: AimsRequest) -> HttpResponse:
    """Give what the plan would say now as a workbook."""
    data = plan_workbook(_("Treatment plan"), plan_lines(), note=_("Draft"))
    return attached(data, "treatment-plan.xlsx", XLSX)


def _show(request: AimsRequest, form: SubmitPlanForm, *, status: int = 200) -> HttpResponse:
    lines = plan_lines()
    plans = TreatmentPlan.objects.select_related("submitted_by", "decided_by").defer("frozen")[:50]
    context = {
        "lines": lines,
        "plans": plans,
        "form": form,
        "gaps": [line for line in lines if line.gaps],
        "blocked": sum(line.blocks for line in lines),
        "may_submit": may_submit_plan(request.actor),
        "waiting": next((plan for plan in plans if plan.state == PlanState.SUBMITTED), None),
    }
    return render(request, "assessments/risk/plan.html", context, status=status)


def _decide(request: AimsRequest, number: int, verb: Any, done: str) -> HttpResponse:
    row = one(number)
    form = DecidePlanForm(posted(request), initial={"seen": row.version})
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                verb(row, **form.cleaned_data, actor=request.actor)
                messages.success(request, done)
                return redirect("assessments:treatment-plan", request.aims.slug, row.number)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    status = 409 if clashes is not None else status_of(form)
    return _show_one(request, one(number), form, clashes=clashes, status=status)


def _show_one(
    request: AimsRequest, row: TreatmentPlan, form: DecidePlanForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    waits = row.state == PlanState.SUBMITTED
    is_own = request.actor.user_id is not None and row.submitted_by_id == request.actor.user_id
    context = {
        "plan": row,
        "lines": lines_of(row),
        "form": form,
        "may_decide": waits and may_decide_plan(request.actor) and not is_own,
        "may_return": waits and (may_decide_plan(request.actor) or may_submit_plan(request.actor)),
        "own_work": waits and is_own and may_decide_plan(request.actor),
    }
    return render(request, "assessments/risk/plan_one.html", context | more, status=status)
