"""The scope statement and its versions (4.3)."""

from dataclasses import asdict
from typing import cast

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from aims.actions import state_scope
from aims.clash import BothTexts
from aims.doors import admit, refusals_on, status_of
from aims.forms import ScopeForm
from aims.middleware import AimsRequest
from aims.models import ScopeStatement
from aims.permissions import may_manage
from aims.views.saying import say

TEXTS = ("text", "boundaries", "sites")


@require_http_methods(["GET", "POST"])
def scope(request: AimsRequest) -> HttpResponse:
    """Show the version in force, all before it, and the form for the next."""
    admit(request.method == "GET" or may_manage(request.actor, request.aims))
    versions = list(ScopeStatement.objects.order_by("-number")[:50])
    form = _form(request, versions[0] if versions else None)
    if form.is_valid():
        try:
            with refusals_on(form):
                made = state_scope(form.scope, seen=form.cleaned_data["seen"], actor=request.actor)
                say(request, _("Version %(number)s of the scope is stated.") % {"number": made.number})
                return redirect("aims:scope", request.aims.slug)
        except Conflict as conflict:
            return _page(request, form, versions, status=409, clashes=_both(form, conflict))
    return _page(request, form, versions, status=status_of(form))


def _form(request: AimsRequest, last: ScopeStatement | None) -> ScopeForm:
    initial: dict[str, object] = {"seen": 0, "effective_on": clock.today(request.aims.time_zone)}
    if last is not None:
        initial |= {"seen": last.number} | {name: getattr(last, name) for name in TEXTS}
    return ScopeForm(request.POST if request.method == "POST" else None, initial=initial)


def _both(form: ScopeForm, conflict: Conflict) -> list[BothTexts]:
    data = cast(QueryDict, form.data).copy()
    data["seen"] = str(conflict.current.number)
    form.data = data
    offered = asdict(form.scope)
    pairs = ((name, getattr(conflict.current, name), offered[name]) for name in TEXTS)
    return [BothTexts(str(form.fields[name].label), theirs, mine) for name, theirs, mine in pairs if theirs != mine]


def _page(
    request: AimsRequest,
    form: ScopeForm,
    versions: list[ScopeStatement],
    *,
    status: int,
    clashes: list[BothTexts] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "current": versions[0] if versions else None,
        "older": versions[1:],
        "may": may_manage(request.actor, request.aims),
        "clashes": clashes,
    }
    return render(request, "aims/scope.html", context, status=status)
