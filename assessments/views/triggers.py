"""What happened since an assessment was made, and what its owner says of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.refusals import Conflict
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.past import of_any_date
from assessments import actions
from assessments.models import Assessment, AssessmentState
from assessments.permissions import may_report_trigger, may_write
from assessments.triggers.forms import AnswerForm, ReportForm
from assessments.triggers.kinds import TriggerKind
from assessments.triggers.models import Said
from assessments.triggers.queries import triggers_of
from assessments.views.editor import address, one, one_then, posted


@require_http_methods(["GET", "POST"])
@of_any_date
def triggers(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Show what happened; its owner ticks what each thing touches, or says why it has no effect."""
    row = one_then(code, edition, request.at) if request.at else one(code, edition)
    admit(request.method == "GET" or may_write(request.actor, row))
    form = AnswerForm(posted(request), lines=triggers_of(code, request.at))
    if not form.is_valid():
        return _show(request, row, form, status=status_of(form))
    try:
        with refusals_on(form):
            done = actions.answer_triggers(row, form.answers, actor=request.actor)
            return _answered(request, row, [trigger.effect == Said.TOUCHED for trigger in done])
    except Conflict:
        messages.warning(request, _("Somebody else has answered meanwhile. Look at what they said."))
        return _show(request, row, AnswerForm(lines=triggers_of(code)), status=409)
    return _show(request, row, form, status=status_of(form))


@require_http_methods(["GET", "POST"])
def report_trigger(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Say that something happened that the registry does not know."""
    row = one(code, edition)
    admit(may_report_trigger(request.actor, row))
    form = ReportForm(posted(request))
    if form.is_valid():
        with refusals_on(form, "title"):
            kind, title = TriggerKind(form.cleaned_data["kind"]), form.cleaned_data["title"]
            actions.report_trigger(row, kind, title, actor=request.actor)
            messages.success(request, _("Recorded. The owner of the assessment is asked what it touches."))
            return redirect("assessments:triggers", request.aims.slug, code, edition)
    context = {"row": row, "form": form, "here": address(request, row)}
    return render(request, "assessments/report_trigger.html", context, status=status_of(form))


def _answered(request: AimsRequest, row: Assessment, touched: list[bool]) -> HttpResponse:
    if not touched:
        messages.warning(request, _("Nothing was said: tick what is touched, or say why there is no effect."))
        return redirect("assessments:triggers", request.aims.slug, row.code, row.edition)
    words = ngettext("%(n)s answer recorded.", "%(n)s answers recorded.", len(touched)) % {"n": len(touched)}
    if any(touched) and row.state == AssessmentState.DECIDED:
        words = _("%(words)s Start a new edition to judge what is touched.") % {"words": words}
    messages.success(request, words)
    return redirect(address(request, row))


def _show(request: AimsRequest, row: Assessment, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    lines = triggers_of(row.code, request.at)
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "lines": lines,
        "answered": [line for line in lines if not line.is_open],
        "here": address(request, row),
        "may_answer": not request.as_of and bool(form.lines) and may_write(request.actor, row),
        "may_report": not request.as_of and may_report_trigger(request.actor, row),
    }
    return render(request, "assessments/triggers.html", context, status=status)
