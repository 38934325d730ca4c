"""What an earlier version of the criteria still judges, and the buttons that put it on the newest."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.refusals import Conflict, Refusal
from aims.doors import admit
from aims.middleware import AimsRequest
from aims.models import Criteria
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
    rows = _risks(newest) if of_risks else _drafts(newest)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    tab = "risks" if of_risks else "assessments"
    context = {"newest": newest.number, "tab": tab, "query": f"tab={tab}", "page_of": page}
    return render(request, "criteria/earlier.html", context | {"lines": [_line(request, row) for row in page]})


def _drafts(newest: Criteria) -> "QuerySet[Any]":
    rows = Assessment.objects.filter(state__in=EDITABLE, criteria__number__lt=newest.number).order_by("code", "pk")
    return rows.defer("frozen").select_related("system", "criteria")


def _risks(newest: Criteria) -> "QuerySet[Any]":
    rows = Risk.objects.filter(withdrawn_at__isnull=True, criteria__number__lt=newest.number).order_by("code")
    return rows.select_related("criteria")


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


def _line(request: AimsRequest, row: Assessment | Risk) -> BehindLine:
    slug, number, version = request.aims.slug, row.criteria.number, row.version
    if isinstance(row, Risk):
        place, door = (reverse(f"{name}risk", args=[slug, row.code]) for name in ("assessments:", "criteria:judge-"))
        may, is_accepted = may_edit_risk(request.actor, row), row.accepted_at is not None
        return BehindLine(place, row.code, row.title, number, version, door, may=may, is_accepted=is_accepted)
    args = [slug, row.code, row.edition]
    place, door = (reverse(name, args=args) for name in ("assessments:detail", "criteria:judge-assessment"))
    may = may_write(request.actor, row)
    return BehindLine(place, row.ref_code, row.system.name, number, version, door, may=may, is_accepted=False)
