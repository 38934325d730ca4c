"""From draft to decision: start, revise, submit, send back, decide."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusals import Conflict
from accounts.roles import WRITERS
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from assessments import actions, forms
from assessments.models import Assessment, AssessmentState, Decision
from assessments.permissions import may_decide, may_return, may_write
from assessments.sections.queries import is_co_author
from assessments.views.editor import address, decide_form, one, posted, show
from systems.models import AiSystem

Said = dict[str, Any]


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Choose a system: its first assessment begins, or a new edition of the one in force."""
    admit(request.actor.is_person and request.actor.holds(*WRITERS))
    chosen = AiSystem.objects.filter(code=request.GET.get("system", "")).first()
    form = forms.NewAssessmentForm(posted(request), initial={"system": chosen})
    if form.is_valid():
        with refusals_on(form):
            row = _begin(form.cleaned_data["system"], form.cleaned_data["reason"], request)
            return redirect(address(request, row))
    context = {"form": form, "has_systems": AiSystem.objects.exists()}
    return render(request, "assessments/new.html", context, status=status_of(form))


def _begin(system: AiSystem, reason: str, request: AimsRequest) -> Assessment:
    decided = Assessment.objects.filter(system=system, state=AssessmentState.DECIDED).first()
    if decided is not None:
        return actions.clone_edition(decided, reason=reason, actor=request.actor)
    return actions.start_assessment(system, actor=request.actor)


@require_http_methods(["GET", "POST"])
def revise(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Start a new edition, with the reason it is assessed again."""
    row = one(code, edition)
    admit(may_write(request.actor, row) or is_co_author(request.actor, row))
    form = forms.ReasonForm(posted(request), initial={"seen": row.version})
    if form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            return redirect(address(request, actions.clone_edition(row, reason=reason, actor=request.actor)))
    return show(request, row, "revise", form=form)


@require_POST
def submit(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Ask for the decision; what is missing is listed with links."""
    row = one(code, edition)
    admit(may_write(request.actor, row) or is_co_author(request.actor, row))
    form = forms.SeenOnlyForm(request.POST)
    done = _("Submitted. An approver who did not write it decides now.")
    return _answer(
        request, row, "submit", form, lambda said: actions.submit_assessment(row, **said, actor=request.actor), done
    )


@require_http_methods(["GET", "POST"])
def send_back(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Return it to its author with a reason."""
    row = one(code, edition)
    admit(may_return(request.actor, row))
    form = forms.ReasonForm(posted(request), initial={"seen": row.version})
    done = _("Sent back to its author.")
    return _answer(
        request, row, "return", form, lambda said: actions.return_assessment(row, **said, actor=request.actor), done
    )


@require_http_methods(["GET", "POST"])
def decide(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Decide on what remains."""
    row = one(code, edition)
    admit(may_decide(request.actor, row))
    form = decide_form(row, posted(request))

    def act(said: Said) -> Assessment:
        decision = Decision(said.pop("decision"))
        return actions.decide_assessment(row, decision, **said, actor=request.actor)

    return _answer(request, row, "decision", form, act, _("Decided, frozen and recorded."))


def _answer(
    request: AimsRequest, row: Assessment, section: str, form: BaseForm, act: Callable[[Said], Assessment], done: str
) -> HttpResponse:
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                act(dict(form.cleaned_data))
                messages.success(request, done)
                return redirect(address(request, row))
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    return show(request, one(row.code, row.edition), section, form=form, clashes=clashes)
