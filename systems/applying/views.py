"""What applies to one system, what it says to the EU AI Act, and what a control asks of every system."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.cells import csv_bytes
from accounts.refusals import Conflict
from accounts.serving import attached
from aims.clash import BothTexts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.past import of_any_date
from systems import actions
from systems.actions.facts import offered
from systems.applying.asked import CONTROLS
from systems.applying.classify import classify
from systems.applying.eu_act import about_act, starts
from systems.applying.forms import EuForm
from systems.applying.pages import asked_csv, asked_lines, asked_page
from systems.applying.rules import about_rules
from systems.applying.words import tier_words
from systems.models import AiSystem
from systems.permissions import may_edit
from systems.views import one


@require_GET
@of_any_date
def applies(request: AimsRequest, code: str) -> HttpResponse:
    """Show which requirements the facts of a system speak for, and why."""
    system = one(request, code)
    context = {"system": system, "lines": asked_lines(system), "about": about_rules()}
    return render(request, "systems/applies.html", context)


@require_http_methods(["GET", "POST"])
@of_any_date
def eu_ai_act(request: AimsRequest, code: str) -> HttpResponse:
    """Show what a system says to the EU AI Act and what follows; whoever may edit it says it here."""
    system = one(request, code)
    may = may_edit(request.actor, system)
    record: dict[str, Any] = offered(system, {})["record"]
    form = EuForm(request.POST or None, initial=EuForm.of(record) | {"seen": system.version})
    clashes = None
    if request.method == "POST":
        admit(may)
        if form.is_valid():
            try:
                with refusals_on(form):
                    seen = form.cleaned_data["seen"]
                    actions.edit_system(system, seen=seen, actor=request.actor, record=form.onto(record))
                    messages.success(request, _("Classification saved."))
                    return redirect("systems:eu", request.aims.slug, system.code)
            except Conflict as conflict:
                clashes = _both(form, conflict)
    context = _eu_context(system, form, may=may) | {"clashes": clashes}
    return render(request, "systems/eu_ai_act.html", context, status=409 if clashes is not None else status_of(form))


def _both(form: EuForm, conflict: Conflict) -> list[BothTexts]:
    """Return what differs from the record as it stands now, and let the form be sent again over it."""
    theirs = EuForm.of(conflict.current.record)
    mine = EuForm.of(form.onto({}))
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["seen"] = str(conflict.current.version)
    form.data = data
    names = [name for name in theirs if theirs[name] != mine[name]]
    return [BothTexts(str(form.fields[name].label), _words(theirs[name]), _words(mine[name])) for name in names]


def _words(value: Any) -> str:
    return (", ".join(value) if isinstance(value, list) else value) or _("(empty)")


def _eu_context(system: AiSystem, form: EuForm, *, may: bool) -> dict[str, Any]:
    found = classify(system.record)
    return {
        "system": system,
        "form": form,
        "may": may,
        "found": found,
        "tier": tier_words(found.tier or found.stated),
        "is_derived": bool(found.tier),
        "dates": list(starts().values()),
        "about": about_act(),
    }


@require_GET
def asked(request: AimsRequest, control: str) -> HttpResponse:
    """Show what a control asks to be recorded, and which systems in scope say it."""
    _refuse_unknown(control)
    state = request.GET.get("state", "")
    page = asked_page(request.aims.slug, control, state, request.GET.get("page", ""))
    base = reverse("systems:asked", args=[request.aims.slug, control])
    context = {"asked": page, "state": state, "base": base, "controls": CONTROLS, "page": page.page}
    return render(request, "systems/asked.html", context | {"query": f"state={state}" if state else ""})


@require_GET
def asked_table(request: AimsRequest, control: str) -> HttpResponse:
    """Hand out every system in scope with the fields of a control as CSV, every cell as text."""
    _refuse_unknown(control)
    name = _("Asked by %s") % control
    return attached(csv_bytes(asked_csv(control)), f"{name.replace(' ', '-').lower()}.csv", "text/csv; charset=utf-8")


def _refuse_unknown(control: str) -> None:
    if control not in CONTROLS:
        raise Http404
