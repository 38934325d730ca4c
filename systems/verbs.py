"""The forms of the registry's verbs; each makes one call to its action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import refusals_on, status_of
from aims.middleware import AimsRequest
from systems import actions
from systems.forms import LetGoForm, NewSystemForm, RelyForm, ScopeForm
from systems.models import AiSystem, Reliance
from systems.permissions import may_register, may_rely, may_say_scope
from systems.views import one, registry


@dataclass(frozen=True, slots=True)
class Verb:
    """What the page of a verb says: its heading, its button and what was done once it is done."""

    heading: str
    button: str
    done: str
    note: str = ""


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Register a system."""
    _allow(may_register(request.actor))
    form = NewSystemForm(request.POST or None)
    verb = Verb(_("Register an AI system"), _("Register system"), _("Registered. What is missing stands below."))
    return _answer(request, form, lambda _said: actions.register(**form.facts(), actor=request.actor), verb)


@require_http_methods(["GET", "POST"])
def scope(request: AimsRequest, code: str) -> HttpResponse:
    """Say whether a system is in scope."""
    row = one(request, code)
    _allow(may_say_scope(request.actor, row))
    initial = {"seen": row.version, "is_in_scope": row.is_in_scope, "scope_reason": row.scope_reason}
    form = ScopeForm(request.POST or None, initial=initial)
    verb = Verb(_("Scope of %s") % row.name, _("Say so"), _("Scope recorded."))

    def act(said: dict[str, Any]) -> AiSystem:
        return actions.say_scope(
            row, is_in_scope=said["is_in_scope"], reason=said["scope_reason"], seen=said["seen"], actor=request.actor
        )

    return _answer(request, form, act, verb, row)


@require_http_methods(["GET", "POST"])
def rely(request: AimsRequest, code: str) -> HttpResponse:
    """Link a system to a requirement it relies on."""
    row = one(request, code)
    _allow(may_rely(request.actor, row))
    verb = Verb(
        _("What %s relies on") % row.name,
        _("Link requirement"),
        _("Requirement linked."),
        _("A control that a system relies on cannot be excluded before the link ends."),
    )

    def act(said: dict[str, Any]) -> AiSystem:
        actions.rely_on(row, said["requirement"], why=said["why"], actor=request.actor)
        return row

    return _answer(request, RelyForm(request.POST or None), act, verb, row)


@require_http_methods(["GET", "POST"])
def let_go(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """End a link to a requirement."""
    row = one(request, code)
    _allow(may_rely(request.actor, row))
    live = Reliance.objects.select_related("requirement").filter(system=row, withdrawn_at__isnull=True)
    link = get_object_or_404(live, pk=pk)
    heading = _("End the link to %s") % link.requirement
    verb = Verb(heading, _("End link"), _("Link ended."), _("The link stays in the history with your reason."))

    def act(said: dict[str, Any]) -> AiSystem:
        actions.stop_relying(link, **said, actor=request.actor)
        return row

    return _answer(request, LetGoForm(request.POST or None, initial={"seen": link.version}), act, verb, row)


def _allow(allowed: bool) -> None:  # noqa: FBT001
    if not allowed:
        raise PermissionDenied(_("Your role does not allow this."))


def _answer(
    request: AimsRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], AiSystem],
    verb: Verb,
    row: AiSystem | None = None,
) -> HttpResponse:
    """Take the verb when the form holds, else show the form: 422 with errors, 409 with both texts."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                done = act(form.cleaned_data)
                messages.success(request, verb.done)
                return redirect("systems:detail", request.aims.slug, done.code)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    slug = request.aims.slug
    back = reverse("systems:detail", args=[slug, row.code]) if row else reverse("systems:list", args=[slug])
    context = registry(request) | {"form": form, "verb": verb, "clashes": clashes, "back": back, "system": row}
    status = 409 if clashes is not None else status_of(form)
    return render(request, "systems/verb.html", context | {"view": "detail"}, status=status)
