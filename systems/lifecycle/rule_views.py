"""The pages of gates: which rule holds at each, and who holds which function."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Conflict
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from controls.models import Requirement
from systems import actions
from systems.lifecycle import composition
from systems.lifecycle.composition import SIGNERS, Rule
from systems.lifecycle.forms import FunctionForm, RuleForm, WhyForm
from systems.lifecycle.gates import gate_of, holders, names_of
from systems.lifecycle.pages import rule_history, rule_lines, rule_of
from systems.lifecycle.shapes import form_of, rule_from
from systems.lifecycle.stages import SIGNED, Stage
from systems.lifecycle.wording import in_words
from systems.models import AiSystem, FunctionHolder, GateRule
from systems.permissions import may_rule


@require_GET
def gates(request: AimsRequest) -> HttpResponse:
    """Show the rule of every gate, and who holds which function."""
    context = {
        "lines": rule_lines(),
        "functions": holders(),
        "may_rule": may_rule(request.actor),
        "form": FunctionForm() if may_rule(request.actor) else None,
        "controls": Requirement.objects.linkable().in_order() if may_rule(request.actor) else (),
    }
    return render(request, "systems/gates.html", context)


@require_http_methods(["GET", "POST"])
def gate(request: AimsRequest, key: str) -> HttpResponse:
    """Show and change the rule of a gate or a control."""
    stage = key if key in SIGNED else ""
    requirement = None if stage else _control(key)
    row = GateRule.objects.filter(stage=stage, requirement=requirement).first()
    allowed = may_rule(request.actor)
    if request.method == "POST":
        admit(allowed)
    rule = rule_of(row) if row or stage else composition.AllOf(())
    begin = form_of(rule)
    form = RuleForm(
        request.POST or None,
        initial={"seen": row.version if row else 0, "joined": "all"} | (begin or {}),
        authorities=_authorities(),
        checks=_checks(request, stage, rule),
    )
    is_late = False
    if form.is_valid():
        try:
            with refusals_on(form, "joined"):
                body = composition.written(rule_from(form.cleaned_data))
                said = {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
                actions.set_rule(body, **said, stage=stage, requirement=requirement, actor=request.actor)
                messages.success(request, _("Rule kept."))
                return redirect("systems:gates", request.aims.slug)
        except Conflict:
            is_late = True
    context = {
        "name": str(Stage(stage).label) if stage else str(requirement),
        "words": in_words(rule, names_of(FunctionHolder.objects.all(), ())) if row or stage else "",
        "form": form if allowed else None,
        "is_deeper": begin is None,
        "is_late": is_late,
        "history": rule_history(row),
        "here": reverse("systems:gate", args=[request.aims.slug, key]),
    }
    return render(request, "systems/gate.html", context, status=409 if is_late else status_of(form))


@require_http_methods(["GET", "POST"])
def name_function(request: AimsRequest) -> HttpResponse:
    """Name somebody to a function."""
    admit(may_rule(request.actor))
    form = FunctionForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "name"):
            actions.name_function(**form.cleaned_data, actor=request.actor)
            messages.success(request, _("Named."))
            return redirect("systems:gates", request.aims.slug)
    context = {"form": form, "heading": _("Name somebody to a function"), "button": _("Name them")}
    return render(request, "systems/function.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def end_function(request: AimsRequest, pk: int) -> HttpResponse:
    """End that somebody holds a function."""
    admit(may_rule(request.actor))
    row = get_object_or_404(FunctionHolder.objects.filter(ended_at__isnull=True).select_related("person"), pk=pk)
    form = WhyForm(request.POST or None, initial={"seen": row.version})
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                actions.end_function(row, **form.cleaned_data, actor=request.actor)
                messages.success(request, _("Ended."))
        except Conflict:
            messages.error(request, _("Somebody else changed this meanwhile."))
        if not form.errors:
            return redirect("systems:gates", request.aims.slug)
    said = {"who": row.person.display_name, "name": row.name}
    context = {"form": form, "heading": _("%(who)s no longer holds: %(name)s") % said, "button": _("End it")}
    return render(request, "systems/function.html", context, status=status_of(form))


def _control(key: str) -> Requirement:
    row: Requirement | None = Requirement.objects.linkable().filter(code=key).first()
    if row is None:
        raise Http404
    return row


def _authorities() -> list[tuple[str, str]]:
    held = holders()
    names = names_of(held, ())
    keys = dict.fromkeys([*(f"role:{role}" for role in SIGNERS), *(f"function:{row.key}" for row in held)])
    return [(key, names[key]) for key in keys]


def _checks(request: AimsRequest, stage: str, rule: Rule) -> list[tuple[str, Any]]:
    """Return the checks that a rule can name: what the gate asks of the newest system and could stay open, and its own.

    What is mandatory is asked in any case.
    """
    named = dict.fromkeys(leaf.key for leaf in composition.leaves(rule) if leaf.kind == composition.CHECK)
    own = {key: key for key in named}
    system = AiSystem.objects.order_by("-pk").first()
    if system is None:
        return list(own.items())
    system.aims = request.aims
    checks = [one for one in gate_of(system, stage or Stage.OPERATION, is_ruled=False).checks if one.state != "advice"]
    return list((own | {one.key: one.words for one in checks if not one.is_mandatory or one.key in own}).items())
