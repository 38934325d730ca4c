"""Hand out the PDF of an approved treatment plan, or say that it is being made."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.serving import streamed
from aims.middleware import AimsRequest
from assessments.models import TreatmentPlan
from evidence.store import StoreAway
from jobs.models import JobState
from reports.actions.download import NotThere
from reports.actions.plans import download_plan
from reports.plans import ask_plan


@require_http_methods(["GET"])
def treatment_plan(request: AimsRequest, number: int) -> HttpResponseBase:
    """Answer with the file; the first who asks has it made, and looks again."""
    plan = get_object_or_404(TreatmentPlan.objects.select_related("aims"), number=number)
    if not plan.digest:
        raise Http404
    job = ask_plan(plan, actor=request.actor)
    if job.state == JobState.DONE:
        try:
            stream = download_plan(plan, job.result["sha256"], actor=request.actor)
        except (NotThere, StoreAway):
            return _waiting(request, plan, "missing", 503)
        return streamed(stream, job.result["name"], "application/pdf")
    return _waiting(request, plan, job.state, 200)


def _waiting(request: AimsRequest, plan: TreatmentPlan, state: str, status: int) -> HttpResponse:
    return render(request, "reports/plan_waiting.html", {"plan": plan, "state": state}, status=status)
