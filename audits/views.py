"""The certification cycle: its chart, its dates and the forms of their verbs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import refusals_on, status_of
from aims.middleware import AimsRequest
from audits import actions
from audits.forms import EditForm, HoldForm, PlanForm, WithdrawForm
from audits.models import Milestone
from audits.permissions import may_hold, may_plan
from audits.queries import cycle
from ledger.queries import acts_about


@require_GET
def cycle_page(request: AimsRequest) -> HttpResponse:
    """Show the chart, the dates and what the rules of certification say about them."""
    found = cycle(clock.today(request.aims.time_zone))
    plans = may_plan(request.actor)
    mine = {row.pk for row in found.dates if plans or row.owner_id == request.actor.user_id}
    context = {
        "cycle": found,
        "may_plan": plans,
        "may_hold": mine if request.actor.is_person else set(),
        "acts": acts_about([row.ref for row in found.dates], Milestone, limit=10),
    }
    return render(request, "audits/cycle.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: AimsRequest) -> HttpResponse:
    """Plan a date."""
    _allow(may_plan(request.actor))
    form = PlanForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    verb = {"heading": _("Add a date"), "button": _("Add date"), "done": _("Date added.")}
    return _answer(request, form, lambda said: actions.plan_milestone(**said, actor=request.actor), verb)


@require_http_methods(["GET", "POST"])
def edit(request: AimsRequest, pk: int) -> HttpResponse:
    """Change a date."""
    row = _one(pk)
    _allow(may_plan(request.actor))
    form = EditForm(request.POST or None, initial=PlanForm.of(row) | {"seen": row.version})
    verb = {"heading": _("Edit %s") % row.get_kind_display(), "button": _("Save date"), "done": _("Date saved.")}
    return _answer(request, form, lambda said: actions.edit_milestone(row, **said, actor=request.actor), verb)


@require_http_methods(["GET", "POST"])
def hold(request: AimsRequest, pk: int) -> HttpResponse:
    """Say that a date was kept."""
    row = _one(pk)
    _allow(may_hold(request.actor, row))
    today = clock.today(request.aims.time_zone)
    initial = {"seen": row.version, "held_on": row.held_on or min(row.due_on, today)}
    verb = {
        "heading": _("Mark %s as held") % row.get_kind_display(),
        "button": _("Record the day"),
        "done": _("Day recorded."),
    }
    form = HoldForm(request.POST or None, initial=initial)
    return _answer(request, form, lambda said: actions.hold_milestone(row, **said, actor=request.actor), verb)


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, pk: int) -> HttpResponse:
    """Withdraw a date."""
    row = _one(pk)
    _allow(may_plan(request.actor))
    heading = _("Withdraw %s") % row.get_kind_display()
    verb = {"heading": heading, "button": _("Withdraw date"), "done": _("Date withdrawn."), "kind": "danger"}
    form = WithdrawForm(request.POST or None, initial={"seen": row.version})
    return _answer(request, form, lambda said: actions.withdraw_milestone(row, **said, actor=request.actor), verb)


def _one(pk: int) -> Milestone:
    return get_object_or_404(Milestone.objects.filter(withdrawn_at__isnull=True), pk=pk)


def _allow(allowed: bool) -> None:  # noqa: FBT001
    if not allowed:
        raise PermissionDenied(_("Your role does not allow this."))


def _answer(
    request: AimsRequest, form: BaseForm, act: Callable[[dict[str, Any]], Milestone], verb: dict[str, str]
) -> HttpResponse:
    """Take the verb when the form holds, else show the form: 422 with errors, 409 with both texts."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                act(form.cleaned_data)
                messages.success(request, verb["done"])
                return redirect("audits:cycle", request.aims.slug)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    status = 409 if clashes is not None else status_of(form)
    found = cycle(clock.today(request.aims.time_zone))
    context = {"form": form, "verb": verb, "clashes": clashes, "hints": found.hints}
    return render(request, "audits/verb.html", context, status=status)
