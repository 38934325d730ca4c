"""What an earlier version of the criteria still judges, and the buttons that put it on the newest."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.refusals import Conflict, Refusal
from aims.doors import admit
from aims.middleware import AimsRequest
from aims.queries import current_criteria
from aims.views.saying import say
from assessments.actions import judge_assessment_anew, judge_risk_anew
from assessments.actions.shared import EDITABLE
from assessments.criteria.pages import BehindLine
from assessments.forms import SeenOnlyForm
from assessments.models import Assessment, Risk
from assessments.permissions import may_edit_risk, may_write

PAGE = 50


@require_GET
def earlier(request: AimsRequest) -> HttpResponse:
    """List the open assessments, or the risks on the register, that an earlier version judges."""
    newest = current_criteria()
    of_risks = request.GET.get("tab") == "risks"
    drafts = Assessment.objects.filter(state__in=EDITABLE, criteria__number__lt=newest.number).order_by("code", "pk")
    risks = Risk.objects.filter(withdrawn_at__isnull=True, criteria__number__lt=newest.number).order_by("code")
    rows = (risks if of_risks else drafts.defer("frozen")).select_related("system", "criteria")  # type: ignore[attr-defined]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    line = _risk if of_risks else _draft
    tab = "risks" if of_risks else "assessments"
    context = {"newest": newest.number, "tab": tab, "query": f"tab={tab}", "page_of": page}
    return render(request, "criteria/earlier.html", context | {"lines": [line(request, row) for row in page]})


@require_POST
def judge_assessment(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Judge an open assessment by the newest criteria."""
    row = get_object_or_404(Assessment.objects.select_related("system"), code=code, edition=edition)
    admit(may_write(request.actor, row))
    return _answer(request, row, "assessments")


@require_POST
def judge_risk(request: AimsRequest, code: str) -> HttpResponse:
    """Judge a risk by the newest criteria."""
    row = get_object_or_404(Risk, code=code)
    admit(may_edit_risk(request.actor, row))
    return _answer(request, row, "risks")


def _answer(request: AimsRequest, row: Assessment | Risk, tab: str) -> HttpResponse:
    form = SeenOnlyForm(request.POST)
    try:
        if form.is_valid():
            seen = form.cleaned_data["seen"]
            if isinstance(row, Risk):
                judge_risk_anew(row, seen=seen, actor=request.actor)
            else:
                judge_assessment_anew(row, seen=seen, actor=request.actor)
            say(request, _("Judged by the newest criteria."))
    except Conflict:
        messages.error(request, _("Someone else saved this since you looked. Look again."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('criteria:earlier', args=[request.aims.slug])}?tab={tab}")


def _draft(request: AimsRequest, row: Assessment) -> BehindLine:
    slug = request.aims.slug
    return BehindLine(
        reverse("assessments:detail", args=[slug, row.code, row.edition]),
        row.ref_code,
        row.system.name,
        row.criteria.number,
        row.version,
        reverse("criteria:judge-assessment", args=[slug, row.code, row.edition]),
        may=may_write(request.actor, row),
        is_accepted=False,
    )


def _risk(request: AimsRequest, row: Risk) -> BehindLine:
    slug = request.aims.slug
    return BehindLine(
        reverse("assessments:risk", args=[slug, row.code]),
        row.code,
        row.title,
        row.criteria.number,
        row.version,
        reverse("criteria:judge-risk", args=[slug, row.code]),
        may=may_edit_risk(request.actor, row),
        is_accepted=row.accepted_at is not None,
    )
