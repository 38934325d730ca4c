"""A risk's treatment verified, the impacts that feed it, and the starter library of threats."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aims.doors import admit
from aims.middleware import AimsRequest
from assessments import actions, forms
from assessments.models import RiskImpact
from assessments.permissions import may_register, may_verify
from assessments.risk.forms import FeedForm, VerifyForm
from assessments.risk.library import threats
from assessments.views.editor import posted
from assessments.views.risks import answer, one, writable


@require_http_methods(["GET", "POST"])
def verify(request: AimsRequest, code: str) -> HttpResponse:
    """Record whether the treatment works (8.3)."""
    row = one(code)
    admit(may_verify(request.actor, row))
    form: BaseForm = VerifyForm(posted(request))
    return answer(request, row, "verify", form, lambda said: actions.verify_treatment(row, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def feed(request: AimsRequest, code: str) -> HttpResponse:
    """Name an impact that feeds the risk."""
    row = writable(request, code)
    form: BaseForm = FeedForm(posted(request))
    return answer(request, row, "feed", form, lambda said: actions.feed(row, said["impact"], actor=request.actor))


@require_POST
def stop_feeding(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Take an impact away from the risk."""
    row = writable(request, code)
    link = get_object_or_404(RiskImpact, risk=row, pk=pk, withdrawn_at__isnull=True)
    form = forms.SeenOnlyForm(request.POST)
    return answer(request, row, "", form, lambda said: actions.stop_feeding(link, **said, actor=request.actor))


@require_GET
def library(request: AimsRequest) -> HttpResponse:
    """Show the starter library of threats, each to begin a risk from."""
    context = {"threats": threats(), "may_register": may_register(request.actor)}
    return render(request, "assessments/risk/library.html", context)
