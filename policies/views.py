"""Policies: the list, one of them with its text and versions, and the forms that write them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from ledger.queries import acts_about
from policies import actions, pages
from policies.engine import is_here, no_engine
from policies.forms import FIRST, MOST, NewForm, ReviseForm, SwitchForm, TextForm
from policies.models import Policy, PolicyVersion
from policies.permissions import may_write
from policies.ports import subjects


@require_GET
def index(request: AimsRequest) -> HttpResponse:
    """Show every policy, and how systems stand under it."""
    holder = subjects()
    context = {
        "rows": pages.policy_rows(request.aims.slug),
        "may_write": may_write(request.actor),
        "runs": holder.address(request.aims.slug) if holder else "",
        "no_engine": "" if is_here() else no_engine(),
    }
    return render(request, "policies/list.html", context)


@require_GET
def detail(request: AimsRequest, name: str) -> HttpResponse:
    """Show one policy: what it is for, which systems it does not pass, its text and versions."""
    row = _one(name)
    version = get_object_or_404(PolicyVersion.objects.filter(policy=row), number=row.number)
    found, count = pages.failing(row)
    context = {
        "policy": row,
        "due_from": pages.stage_words(row.due_from),
        "lines": pages.lines(version.text),
        "version": version,
        "editions": pages.editions(row, request.aims.slug),
        "failing": found,
        "more": count - len(found),
        "may_write": may_write(request.actor),
        "acts": acts_about([row.ref], Policy),
    }
    return render(request, "policies/detail.html", context)


@require_GET
def version(request: AimsRequest, name: str, number: int) -> HttpResponse:
    """Show a version of a policy, and what it changed."""
    row = _one(name)
    texts = {each.number: each for each in PolicyVersion.objects.filter(policy=row, number__in=[number - 1, number])}
    found = get_object_or_404(PolicyVersion.objects.select_related("by").filter(policy=row), number=number)
    before = texts.get(number - 1)
    lines = pages.differing(before.text, found.text) if before else ()
    context = {"policy": row, "version": found, "lines": lines or pages.lines(found.text), "has_before": bool(before)}
    return render(request, "policies/version.html", context)


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Write a policy of one's own."""
    admit(may_write(request.actor))
    form = NewForm(request.POST or None, initial={"text": FIRST})

    def act(said: dict[str, Any]) -> Policy:
        return actions.write_policy(said["name"], said["text"], note=said["note"], actor=request.actor)

    heading = _("Write a policy")
    return _answer(request, form, act, {"heading": heading, "button": _("Save policy"), "done": _("Policy saved.")})


@require_http_methods(["GET", "POST"])
def revise(request: AimsRequest, name: str) -> HttpResponse:
    """Write a new version of a policy."""
    admit(may_write(request.actor))
    row = _one(name)
    text = get_object_or_404(PolicyVersion.objects.filter(policy=row), number=row.number).text
    form = ReviseForm(request.POST or None, initial={"text": text, "seen": row.version})

    def act(said: dict[str, Any]) -> Policy:
        return actions.revise_policy(row, said["text"], note=said["note"], seen=said["seen"], actor=request.actor)

    heading = _("New version of %s") % row.title
    verb = {"heading": heading, "button": _("Save version"), "done": _("Version saved.")}
    return _answer(request, form, act, verb, row)


@require_http_methods(["GET", "POST"])
def switch(request: AimsRequest, name: str) -> HttpResponse:
    """Switch a policy off, or on again."""
    admit(may_write(request.actor))
    row = _one(name)
    is_on = not row.is_on
    form = SwitchForm(request.POST or None, initial={"seen": row.version})

    def act(said: dict[str, Any]) -> Policy:
        return actions.switch_policy(row, is_on=is_on, **said, actor=request.actor)

    heading = (_("Switch %s on") if is_on else _("Switch %s off")) % row.title
    button, done = (_("Switch on"), _("Policy is on.")) if is_on else (_("Switch off"), _("Policy is off."))
    return _answer(request, form, act, {"heading": heading, "button": button, "done": done}, row)


def _one(name: str) -> Policy:
    return get_object_or_404(Policy.objects.all(), name=name)


def _answer(
    request: AimsRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Policy],
    verb: dict[str, str],
    row: Policy | None = None,
) -> HttpResponse:
    """Take the verb when the form holds, try the text when asked, else show the form with what is wrong."""
    clashes = tried = None
    if "try" in request.POST and isinstance(form, TextForm):
        tried = _tried(form, row)
    elif form.is_valid():
        try:
            with refusals_on(form):
                done = act(form.cleaned_data)
                messages.success(request, verb["done"])
                return redirect("policies:detail", request.aims.slug, done.name)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    context = {"form": form, "verb": verb, "clashes": clashes, "tried": tried, "policy": row}
    return render(request, "policies/verb.html", context, status=409 if clashes is not None else status_of(form))


def _tried(form: TextForm, row: Policy | None) -> pages.Tried | None:
    form.is_valid()
    text, code = form.data.get("text", ""), form.data.get("system", "")
    form.errors.clear()
    found = pages.tried_on(code, row.name if row else "policy", text[:MOST], clock.now()) if text else None
    if found is None:
        form.add_error("system", _("Choose a system to try the text on."))
    return found
