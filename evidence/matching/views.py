"""The doors of suggestions: one click accepts or refuses."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.refusals import Refusal
from aims.doors import admit
from aims.middleware import AimsRequest
from evidence import actions
from evidence.models import Suggestion
from evidence.permissions import may_judge_suggestion


@require_POST
def accept(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Link the item to what was suggested."""
    row = _one(code, pk)
    admit(may_judge_suggestion(request.actor))
    try:
        actions.accept_suggestion(row, actor=request.actor, reason=request.POST.get("reason", ""))
        messages.success(request, _("Linked to %s.") % row.requirement.code)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return _back(request, code)


@require_POST
def refuse(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Say that the item does not serve what was suggested."""
    row = _one(code, pk)
    admit(may_judge_suggestion(request.actor))
    try:
        actions.refuse_suggestion(row, actor=request.actor, reason=request.POST.get("reason", ""))
        messages.success(request, _("%s is not suggested for this item again.") % row.requirement.code)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return _back(request, code)


def _one(code: str, pk: int) -> Suggestion:
    rows = Suggestion.objects.select_related("requirement")
    return get_object_or_404(rows, pk=pk, evidence_version__evidence__code=code)


def _back(request: AimsRequest, code: str) -> HttpResponse:
    return redirect(reverse("evidence:detail", args=[request.aims.slug, code]))
