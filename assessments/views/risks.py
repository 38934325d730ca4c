"""One risk: registered, changed, treated, accepted, withdrawn."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Conflict
from aims.acceptance import rule_of
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.history import rows_at
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from aims.queries import names_of
from assessments import actions, forms
from assessments.bands import judged, rank_of
from assessments.models import Risk, Treatment, Verification
from assessments.permissions import may_accept, may_edit_risk, may_register, may_verify
from assessments.pictures import Move, impact_matrix
from assessments.policies import own_scores
from assessments.queries import RiskSheet, risk_sheet, score_writers
from assessments.risk.forms import EditRiskForm, RiskForm, TreatForm
from assessments.risk.library import begun_from
from assessments.risk.terms import terms
from assessments.views.editor import posted
from ledger.queries import acts_about
from systems.models import AiSystem

Said = dict[str, Any]
JOINED = ("system", "owner", "criteria", "accepted_by")


def one(code: str) -> Risk:
    """Return a risk with what its page needs, or answer 404."""
    return get_object_or_404(Risk.objects.select_related(*JOINED), code=code)


def one_then(code: str, at: datetime) -> Risk:
    """Return a risk and its system as they stood at an instant, or answer 404."""
    rows = rows_at(Risk, at, code=code).select_related(*JOINED)
    row = found_then(rows.first(), Risk.objects.filter(code=code))
    row.system = rows_at(AiSystem, at, id=row.system_id).first()
    return row


@require_GET
@of_any_date
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show a risk."""
    return _show(request, one_then(code, request.at) if request.at else one(code))


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Register a risk."""
    admit(may_register(request.actor))
    chosen = AiSystem.objects.filter(code=request.GET.get("system", "")).first()
    initial = {"system": chosen, "owner": request.user.pk} | begun_from(request.GET.get("threat", ""))
    form = RiskForm(posted(request), initial=initial)
    if form.is_valid():
        with refusals_on(form):
            row = actions.register_risk(**form.cleaned_data, actor=request.actor)
            return redirect("assessments:risk", request.aims.slug, row.code)
    context = {"form": form, "back": reverse("assessments:risks", args=[request.aims.slug]), **_terms()}
    return render(request, "assessments/risk_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def edit(request: AimsRequest, code: str) -> HttpResponse:
    """Change a risk; new scores clear an acceptance."""
    row = writable(request, code)
    names = [name for name in EditRiskForm.base_fields if name != "seen"]
    initial = {name: getattr(row, name) for name in names} | {"seen": row.version}
    form = EditRiskForm(posted(request), initial=initial)
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                actions.edit_risk(row, **form.cleaned_data, actor=request.actor)
                return redirect("assessments:risk", request.aims.slug, code)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    context = {"form": form, "risk": row, "clashes": clashes, "back": _address(request, code), **_terms()}
    status = 409 if clashes is not None else status_of(form)
    return render(request, "assessments/risk_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def treat(request: AimsRequest, code: str) -> HttpResponse:
    """Name a control that treats the risk."""
    row = writable(request, code)
    form = TreatForm(posted(request))
    return answer(
        request, row, "treat", form, lambda said: actions.treat(row, said["requirement"], actor=request.actor)
    )


@require_POST
def stop_treating(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Take a control out of the treatment."""
    row = writable(request, code)
    link = get_object_or_404(Treatment, risk=row, pk=pk, withdrawn_at__isnull=True)
    form = forms.SeenOnlyForm(request.POST)
    return answer(request, row, "", form, lambda said: actions.stop_treating(link, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def accept(request: AimsRequest, code: str) -> HttpResponse:
    """Accept what remains."""
    row = one(code)
    level = judged(row.criteria, row.residual_likelihood, row.residual_severity)
    is_open = level is None or rule_of(row.criteria, level.band).is_nobody
    admit(is_open or (level is not None and may_accept(request.actor, row, level.band)))
    form = forms.ReasonForm(posted(request), initial={"seen": row.version})
    done = _("Accepted and recorded.")
    return answer(
        request, row, "accept", form, lambda said: actions.accept_risk(row, **said, actor=request.actor), done
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str) -> HttpResponse:
    """Take a risk off the register with a reason."""
    row = writable(request, code)
    form = forms.ReasonForm(posted(request), initial={"seen": row.version})
    done = _("Taken off the register. Its history stays.")
    return answer(
        request, row, "withdraw", form, lambda said: actions.withdraw_risk(row, **said, actor=request.actor), done
    )


def writable(request: AimsRequest, code: str) -> Risk:
    """Return a risk that this person may change, or refuse."""
    row = one(code)
    admit(may_edit_risk(request.actor, row))
    return row


def _terms() -> dict[str, object]:
    return {"source_terms": terms("sources"), "objective_terms": terms("objectives")}


def _address(request: AimsRequest, code: str) -> str:
    return reverse("assessments:risk", args=[request.aims.slug, code])


def answer(
    request: AimsRequest, row: Risk, verb: str, form: BaseForm, act: Callable[[Said], object], done: str = ""
) -> HttpResponse:
    """Carry a verb out and go back to the risk, or show its form with what is wrong."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                act(dict(form.cleaned_data))
                if done:
                    messages.success(request, done)
                return redirect("assessments:risk", request.aims.slug, row.code)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    status = 409 if clashes is not None else status_of(form)
    return _show(request, one(row.code), verb=verb, form=form, clashes=clashes, status=status)


def _show(request: AimsRequest, row: Risk, *, status: int = 200, **more: Any) -> HttpResponse:
    sheet = risk_sheet(row, request.at)
    is_live = row.withdrawn_at is None
    accepts, own_work = _acceptance(request, row, sheet)
    context = {
        "risk": row,
        "sheet": sheet,
        "matrix": _matrix(sheet),
        "acts": acts_about([row.ref, *sheet.looked_at], Risk, Treatment, Verification, limit=20, at=request.at),
        "may_edit": is_live and may_edit_risk(request.actor, row),
        "may_accept": is_live and accepts and not own_work,
        "may_verify": is_live and may_verify(request.actor, row),
        "own_work": own_work if is_live else "",
        "waits_for": _who_may(sheet),
    }
    return render(request, "assessments/risk.html", context | more, status=status)


def _acceptance(request: AimsRequest, row: Risk, sheet: RiskSheet) -> tuple[bool, str]:
    """Whether the reader's role may accept what remains, and why they may not all the same."""
    residual = sheet.residual
    if row.accepted_at is not None or residual is None or not may_accept(request.actor, row, residual.band):
        return False, ""
    return True, own_scores(request.actor, row, residual.band, score_writers(row))


def _who_may(sheet: RiskSheet) -> str:
    """Who may accept what remains, in words; nothing for a level that nobody may accept."""
    rule = rule_of(sheet.risk.criteria, sheet.residual.band) if sheet.residual else None
    return rule.words(names_of(rule.named)) if rule and rule.who else ""


def _matrix(sheet: RiskSheet) -> str:
    criteria = sheet.risk.criteria
    before = (sheet.before.likelihood, sheet.before.severity) if sheet.before else None
    now = (sheet.residual.likelihood, sheet.residual.severity) if sheet.residual else None
    return impact_matrix([Move(1, before, now)], lambda x, y: rank_of(criteria.band(x, y)))
