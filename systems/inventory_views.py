"""Which AI systems are in scope, and who says so: the inventory, and the statements that it is complete."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Conflict
from accounts.serving import attached
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.past import of_any_date, today
from aims.queries import current_scope
from ledger.queries import acts_about
from systems import actions
from systems.actions.state_completeness import covered
from systems.completeness import unit_lines
from systems.forms import CompletenessForm, LetGoForm
from systems.inventory import as_csv, as_xlsx, inventory
from systems.models import CompletenessStatement
from systems.permissions import may_state_completeness

KINDS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_GET
@of_any_date
def show(request: AimsRequest) -> HttpResponse:
    """Show every system with its scope and who said it, and the statements of completeness, on one page to print."""
    entries = inventory(request.aims.time_zone, request.at)
    context = {
        "entries": entries,
        "units": [line for line in unit_lines(today(request), request.at) if line.row],
        "in_scope": sum(entry.scope.glyph == "done" for entry in entries),
        "unsaid": sum(entry.scope.glyph == "due" for entry in entries),
        "scope": None if request.at else current_scope(),
        "day": today(request),
    }
    return render(request, "systems/inventory.html", context)


@require_GET
@of_any_date
def export(request: AimsRequest, form: str) -> HttpResponse:
    """Hand the inventory out as a table."""
    if form not in KINDS:
        raise Http404
    write, media_type = KINDS[form]
    name = f"ai-systems-{request.aims.slug}-{today(request)}.{form}"
    return attached(write(inventory(request.aims.time_zone, request.at)), name, media_type)


@require_GET
@of_any_date
def completeness(request: AimsRequest) -> HttpResponse:
    """Show each unit with its statement, how that stands and what changed since."""
    rows = CompletenessStatement.objects.order_by("-id")[:100]
    context = {
        "units": unit_lines(today(request), request.at),
        "may_state": may_state_completeness(request.actor),
        "acts": acts_about([row.ref for row in rows], CompletenessStatement, at=request.at),
    }
    return render(request, "systems/completeness.html", context)


@require_http_methods(["GET", "POST"])
def state(request: AimsRequest) -> HttpResponse:
    """State that the registry holds all AI systems of a unit."""
    admit(may_state_completeness(request.actor))
    unit = (request.POST.get("unit") or request.GET.get("unit") or "").strip()[:160]
    systems = covered(unit)
    form = CompletenessForm(request.POST or None, initial={"unit": unit, "seen": len(systems)})
    if form.is_valid():
        with refusals_on(form):
            said: dict[str, Any] = form.cleaned_data
            actions.state_completeness(said.pop("unit"), **said, actor=request.actor)
            messages.success(request, _("Stated."))
            return redirect("systems:completeness", request.aims.slug)
        again: Any = form.data.copy()  # type: ignore[attr-defined]
        again["seen"] = str(len(systems))
        form.data = again
    context = {"form": form, "unit": unit, "systems": systems, "count": len(systems)}
    return render(request, "systems/state.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str) -> HttpResponse:
    """Take a statement back."""
    rows = CompletenessStatement.objects.filter(replaced_at__isnull=True, withdrawn_at__isnull=True)
    row = get_object_or_404(rows, code=code)
    admit(may_state_completeness(request.actor))
    form = LetGoForm(request.POST or None, initial={"seen": row.version})
    if form.is_valid():
        try:
            with refusals_on(form):
                actions.withdraw_completeness(row, **form.cleaned_data, actor=request.actor)
                messages.success(request, _("Statement taken back."))
                return redirect("systems:completeness", request.aims.slug)
        except Conflict as conflict:
            form.add_error(None, conflict.message)
    return render(request, "systems/take_back.html", {"form": form, "row": row}, status=status_of(form))
