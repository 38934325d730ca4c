"""The pages of moves: ask, look, sign, refuse, withdraw, meet, advise."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Conflict
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from systems import actions
from systems.actions.entering import authors_of
from systems.lifecycle.forms import AdviceForm, AskForm, MeetForm, RefuseForm, SignForm, WhyForm
from systems.lifecycle.gates import DPO, gate_of, holders
from systems.lifecycle.models import Transition
from systems.lifecycle.pages import MovePage, ask_page, move_page
from systems.lifecycle.signers import is_called
from systems.lifecycle.stages import Stage, Way, ways_from
from systems.lifecycle.track import move_line
from systems.models import AiSystem
from systems.permissions import may_advise, may_meet, may_move, may_withdraw
from systems.views import one, registry


@require_http_methods(["GET", "POST"])
def ask(request: AimsRequest, code: str) -> HttpResponse:
    """Ask for a move: what the gate of the chosen stage finds, and what has to be said."""
    row = one(request, code)
    admit(may_move(request.actor, row))
    ways = ways_from(str(row.stage))
    chosen = request.POST.get("stage") or request.GET.get("to", "")
    way = next((each for each in ways if each.end == chosen), Way(str(row.stage), chosen) if request.POST else ways[0])
    gate = gate_of(row, way.end) if way.is_gated else None
    page = ask_page(row, way.end, gate) if way.is_known else None
    begin = {"seen": row.version, "stage": way.end, "mode": "continue", "is_reversible": True}
    left = page.ajar if page else ()
    form = AskForm(request.POST or None, initial=begin, left=left, is_signed=way.needs_signatures)
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                move = actions.ask_move(row, way.end, **form.said(), actor=request.actor)
                return _asked(request, row, move)
        except Conflict:
            return _late(request, row)
    context = registry(request) | {"form": form, "page": page, "ways": _ways(request, row, ways, way), "system": row}
    return render(request, "systems/ask.html", context | {"view": "detail"}, status=status_of(form))


def _ways(request: AimsRequest, row: AiSystem, ways: tuple[Way, ...], chosen: Way) -> list[tuple[str, str, bool]]:
    here = reverse("systems:stage", args=[request.aims.slug, row.code])
    return [(f"{here}?to={way.end}", str(Stage(way.end).label), way == chosen) for way in ways]


def _asked(request: AimsRequest, row: AiSystem, move: Transition) -> HttpResponse:
    slug = request.aims.slug
    if move.state == "proposed":
        messages.success(request, _("Asked. It waits for signatures."))
        return redirect("systems:move", slug, row.code, move.number)
    messages.success(request, _("Stage recorded."))
    return redirect("systems:detail", slug, row.code)


def _late(request: AimsRequest, row: AiSystem) -> HttpResponse:
    context = registry(request) | {"system": row, "view": "detail"}
    return render(request, "systems/late.html", context, status=409)


@require_GET
def moves(request: AimsRequest, code: str) -> HttpResponse:
    """Show every move of a system."""
    row = one(request, code)
    rows = Transition.objects.filter(system=row).select_related("asked_by", "decided_by").order_by("-number")
    context = registry(request) | {"system": row, "lines": [move_line(each, row) for each in rows[:200]]}
    return render(request, "systems/moves.html", context | {"view": "detail"})


@require_GET
def move(request: AimsRequest, code: str, number: int) -> HttpResponse:
    """Show one move: what was asked, what the gate finds, who signed and who has to sign yet."""
    return _show(request, _one(request, code, number))


@require_POST
def sign(request: AimsRequest, code: str, number: int) -> HttpResponse:
    """Sign a move."""
    row = _one(request, code, number)
    page = _called(request, row)
    form = SignForm(request.POST, authorities=page.authorities)

    def act(said: dict[str, Any]) -> object:
        return actions.sign_move(row, **said, actor=request.actor)

    return _decide(request, row, form, act, _("Signed."), sign_form=form)


@require_POST
def refuse(request: AimsRequest, code: str, number: int) -> HttpResponse:
    """Refuse or defer a move."""
    row = _one(request, code, number)
    _called(request, row)
    form = RefuseForm(request.POST, auto_id="refuse_%s")

    def act(said: dict[str, Any]) -> object:
        return actions.refuse_move(row, **said, actor=request.actor)

    return _decide(request, row, form, act, _("Decision recorded."), refuse_form=form)


@require_POST
def withdraw(request: AimsRequest, code: str, number: int) -> HttpResponse:
    """Take a move back."""
    row = _one(request, code, number)
    admit(may_withdraw(request.actor, row))
    form = WhyForm(request.POST, auto_id="withdraw_%s")

    def act(said: dict[str, Any]) -> object:
        return actions.withdraw_move(row, **said, actor=request.actor)

    return _decide(request, row, form, act, _("Taken back."), withdraw_form=form)


@require_POST
def meet(request: AimsRequest, code: str, number: int, place: int) -> HttpResponse:
    """Say that a condition is met."""
    row = _one(request, code, number)
    owner = row.conditions[place - 1]["owner_id"] if 1 <= place <= len(row.conditions) else None
    admit(may_meet(request.actor, owner))
    form = MeetForm(request.POST, auto_id="meet_%s")

    def act(said: dict[str, Any]) -> object:
        return actions.meet_condition(row, place, **said, actor=request.actor)

    return _decide(request, row, form, act, _("Condition met."), meet_form=form)


@require_http_methods(["GET", "POST"])
def advise(request: AimsRequest, code: str) -> HttpResponse:
    """Record the advice of the data protection officer."""
    row = one(request, code)
    officers = [held.person_id for held in holders() if held.key == DPO]
    if not any(may_advise(request.actor, officer) for officer in officers):
        raise PermissionDenied(_("Advice is recorded by the data protection officer. Stewards name one at the gates."))
    form = AdviceForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "text"):
            actions.advise(row, **form.cleaned_data, actor=request.actor)
            messages.success(request, _("Advice recorded."))
            return redirect("systems:detail", request.aims.slug, row.code)
    context = registry(request) | {"system": row, "form": form, "view": "detail"}
    return render(request, "systems/advise.html", context, status=status_of(form))


def _called(request: AimsRequest, row: Transition) -> MovePage:
    """Admit whom the rule of the gate calls; one that was decided meanwhile is answered by the action."""
    admit(is_called(request.actor, row), _("The rule of this gate does not call you."))
    return move_page(row, request.actor, authors_of(row))


def _one(request: AimsRequest, code: str, number: int) -> Transition:
    rows = Transition.objects.select_related("system", "asked_by", "decided_by")
    row: Transition = get_object_or_404(rows, system__code=code, number=number)
    row.system.aims = request.aims
    return row


def _decide(
    request: AimsRequest,
    row: Transition,
    form: BaseForm,
    act: Callable[[dict[str, Any]], object],
    done: str,
    **forms: BaseForm,
) -> HttpResponse:
    """Take the verb when the form holds, else show the move: 422 with errors, 409 to who came second."""
    if form.is_valid():
        try:
            with refusals_on(form):
                act(form.cleaned_data)
                messages.success(request, done)
                return redirect("systems:move", request.aims.slug, row.system.code, row.number)
        except Conflict:
            fresh = _one(request, row.system.code, row.number)
            return _show(request, fresh, status=409, is_late=True)
    return _show(request, row, status=status_of(form), posted=form, **forms)


def _show(request: AimsRequest, row: Transition, status: int = 200, **extra: Any) -> HttpResponse:
    page, seen = move_page(row, request.actor, authors_of(row)), {"seen": row.version}
    context = registry(request) | {
        "system": row.system,
        "move": row,
        "page": page,
        "sign_form": SignForm(initial=seen, authorities=page.authorities),
        "refuse_form": RefuseForm(initial=seen | {"mode": "refuse"}, auto_id="refuse_%s"),
        "withdraw_form": WhyForm(initial=seen, auto_id="withdraw_%s"),
        "meet_form": MeetForm(initial=seen, auto_id="meet_%s"),
        "view": "detail",
    }
    return render(request, "systems/move.html", context | extra, status=status)
