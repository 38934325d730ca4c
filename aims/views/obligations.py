"""What the organisation is bound to, for reasons to point at (4.2)."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Conflict
from aims.actions import edit_obligation, oblige, withdraw_obligation
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.forms import ObligationEditForm, ObligationForm, ReasonForm
from aims.middleware import AimsRequest
from aims.models import Obligation
from aims.pages import kind_tabs, obligation_rows, obligations_shown
from aims.permissions import may_manage
from aims.views.saying import say
from ledger.queries import acts_about

PAGE = 50


@require_GET
def obligations(request: AimsRequest) -> HttpResponse:
    """List, filter by kind, search, sort."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("kind", "q", "order")}
    page = Paginator(obligations_shown(asked["kind"], asked["q"], asked["order"]), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "rows": obligation_rows(page),
        "page": page,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "asked": asked,
        "tabs": kind_tabs(),
        "base": reverse("aims:obligations", args=[request.aims.slug]),
        "may": may_manage(request.actor, request.aims),
    }
    return render(request, "aims/obligations.html", context)


@require_http_methods(["GET", "POST"])
def new_obligation(request: AimsRequest) -> HttpResponse:
    """Record an obligation."""
    admit(may_manage(request.actor, request.aims))
    form = ObligationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            row = oblige(form.duty, code=form.cleaned_data["code"], actor=request.actor)
            say(request, _("%(code)s is recorded.") % {"code": row.code})
            return redirect("aims:obligations", request.aims.slug)
    context = {
        "form": form,
        "heading": _("New obligation"),
        "button": _("Record obligation"),
        "back": reverse("aims:obligations", args=[request.aims.slug]),
    }
    return render(request, "aims/act.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def obligation(request: AimsRequest, code: str) -> HttpResponse:
    """Show one obligation with its history; stewards edit it here."""
    admit(request.method == "GET" or may_manage(request.actor, request.aims))
    row = get_object_or_404(Obligation.objects.select_related("owner"), code=code)
    names = ("kind", "title", "party", "source", "text", "owner")
    initial = {"seen": row.version} | {name: getattr(row, name) for name in names}
    form = ObligationEditForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            with refusals_on(form):
                edit_obligation(row, form.duty, seen=form.cleaned_data["seen"], actor=request.actor)
                say(request, _("%(code)s is saved.") % {"code": row.code})
                return redirect("aims:obligation", request.aims.slug, row.code)
        except Conflict as conflict:
            return _page(request, conflict.current, form, status=409, clashes=both_texts(form, conflict))
    return _page(request, row, form, status=status_of(form))


def _page(
    request: AimsRequest, row: Obligation, form: ObligationEditForm, *, status: int, clashes: object = None
) -> HttpResponse:
    context = {
        "obligation": row,
        "form": form,
        "clashes": clashes,
        "acts": acts_about([row.ref], Obligation),
        "may": may_manage(request.actor, request.aims) and row.withdrawn_at is None,
    }
    return render(request, "aims/obligation.html", context, status=status)


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str) -> HttpResponse:
    """Withdraw an obligation with a reason."""
    admit(may_manage(request.actor, request.aims))
    row = get_object_or_404(Obligation, code=code)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    status = None
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                withdraw_obligation(row, **form.cleaned_data, actor=request.actor)
                say(request, _("%(code)s is withdrawn.") % {"code": row.code})
                return redirect("aims:obligation", request.aims.slug, row.code)
        except Conflict:
            form.add_error(None, _("Someone changed this obligation meanwhile. Go back and read it again."))
            status = 409
    context = {
        "form": form,
        "heading": _("Withdraw %(obligation)s") % {"obligation": row},
        "lede": _("It stays readable, and so do the decisions that point at it. Nobody can point at it anew."),
        "button": _("Withdraw obligation"),
        "kind": "danger",
        "back": reverse("aims:obligation", args=[request.aims.slug, row.code]),
    }
    return render(request, "aims/act.html", context, status=status or status_of(form))
