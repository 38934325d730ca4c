"""The forms of a change's verbs; each makes one call to its action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusals import Conflict
from accounts.roles import STEWARDS, Role
from aims.clash import BothTexts, both_texts
from aims.doors import admit, refusals_on, status_of
from aims.forms import SeenForm
from aims.middleware import AimsRequest
from changes import actions, forms
from changes.actions.decide import Incomplete
from changes.material import DEMANDS, rules
from changes.models import ChangeRecord
from changes.permissions import may_decide, may_meet, may_say
from changes.ports import evaluations_since, refreshed_since
from changes.queries import change_sheet
from changes.views.detail import one
from systems.models import AiSystem

Said = dict[str, Any]
FORM = "changes/verb.html"


@dataclass(frozen=True, slots=True)
class Verb:
    """What the page of a verb says: its heading, its button and what was done once it is done."""

    heading: str
    button: str
    done: str
    note: str = ""


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Plan a change."""
    admit(request.actor.is_person and request.actor.holds(*STEWARDS, Role.OWNER))
    chosen = AiSystem.objects.filter(code=request.GET.get("system", "")).first()
    form = forms.OpenForm(request.POST or None, initial={"system": chosen})
    if form.is_valid():
        with refusals_on(form):
            row = actions.open_change(**form.cleaned_data, actor=request.actor)
            return redirect("changes:detail", request.aims.slug, row.code)
    note = _("A planned change is approved before it is made. Edits of a system in use open one by themselves.")
    verb = Verb(_("Plan a change"), _("Open change record"), "", note)
    context = {"form": form, "verb": verb, "back": reverse("changes:list", args=[request.aims.slug])}
    return render(request, FORM, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def describe(request: AimsRequest, code: str) -> HttpResponse:
    """Put a change into words."""
    row = _allowed(request, code, may_say)
    initial = {"seen": row.version, "title": row.title, "summary": row.summary}
    form = forms.DescribeForm(request.POST or None, initial=initial)
    verb = Verb(_("Describe %s") % row.code, _("Save"), _("Saved."))
    return _answer(request, row, form, verb, lambda said: actions.describe_change(row, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def meet(request: AimsRequest, code: str, demand: str) -> HttpResponse:
    """Tell how a demand was met."""
    row = _allowed(request, code, may_meet)
    _demanded(row, demand)
    form = _meeting(request, row, demand)
    heading = f"{DEMANDS[demand]}, {row.code}"
    verb = Verb(heading, _("Record"), _("Recorded."), _notes(demand))
    return _answer(request, row, form, verb, lambda _said: _meet(request, row, demand, form))


@require_http_methods(["GET", "POST"])
def waive(request: AimsRequest, code: str, demand: str) -> HttpResponse:
    """Say why a demand does not apply."""
    row = _allowed(request, code, may_say)
    _demanded(row, demand)
    if not rules().demands[demand].may_be_waived:
        raise Http404(_("There is nothing here."))
    form = forms.WhyForm(request.POST or None, initial={"seen": row.version})
    heading = _("%(what)s does not apply to %(code)s") % {"what": DEMANDS[demand], "code": row.code}
    verb = Verb(heading, _("Say so"), _("Recorded."), _("Whoever approves the change reads the reason."))
    return _answer(request, row, form, verb, lambda said: actions.waive(row, demand, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def touched(request: AimsRequest, code: str) -> HttpResponse:
    """Tick what the change touches, or say why it has no effect."""
    row = _allowed(request, code, may_say)
    sheet = change_sheet(row, request.aims.slug)
    lines = [line for _heading, some in sheet.touched for line in some]
    form = forms.TouchedForm(request.POST or None, lines=lines, initial={"seen": row.version})
    verb = Verb(_("What %s touches") % row.code, _("Save"), _("Recorded."))

    def act(said: Said) -> ChangeRecord:
        return actions.say_touched(row, form.said, seen=said["seen"], actor=request.actor)

    return _answer(request, row, form, verb, act, template="changes/touched.html")


@require_http_methods(["GET", "POST"])
def emergency(request: AimsRequest, code: str) -> HttpResponse:
    """Say that the change is in effect already."""
    row = _allowed(request, code, may_say)
    form = forms.EmergencyForm(request.POST or None, initial={"seen": row.version})
    note = _("It is approved all the same, within %(n)d days.") % {"n": rules().emergency_days}
    verb = Verb(_("%s took effect before approval") % row.code, _("Declare emergency"), _("Recorded."), note)
    return _answer(request, row, form, verb, lambda said: actions.declare_emergency(row, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str) -> HttpResponse:
    """Withdraw a change."""
    row = _allowed(request, code, may_say)
    form = forms.WhyForm(request.POST or None, initial={"seen": row.version})
    verb = Verb(_("Withdraw %s") % row.code, _("Withdraw change"), _("Withdrawn. Its history stays."))
    return _answer(request, row, form, verb, lambda said: actions.withdraw_change(row, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def refuse(request: AimsRequest, code: str) -> HttpResponse:
    """Refuse a change."""
    row = _allowed(request, code, may_decide)
    form = forms.WhyForm(request.POST or None, initial={"seen": row.version})
    verb = Verb(_("Refuse %s") % row.code, _("Refuse change"), _("Refused and recorded."))
    return _answer(request, row, form, verb, lambda said: actions.refuse_change(row, **said, actor=request.actor))


@require_http_methods(["GET", "POST"])
def approve(request: AimsRequest, code: str) -> HttpResponse:
    """Approve a change, or say exactly what is missing."""
    row = _allowed(request, code, may_decide)
    form = forms.ApproveForm(request.POST or None, initial={"seen": row.version})
    verb = Verb(_("Approve %s") % row.code, _("Approve change"), _("Approved and recorded."))
    return _answer(request, row, form, verb, lambda said: actions.approve_change(row, **said, actor=request.actor))


@require_POST
def take_effect(request: AimsRequest, code: str) -> HttpResponse:
    """Say that an approved change is in effect."""
    row = _allowed(request, code, may_say)
    form = SeenForm(request.POST)
    verb = Verb(_("%s is in effect") % row.code, _("In effect"), _("Recorded."))
    return _answer(request, row, form, verb, lambda said: actions.take_effect(row, **said, actor=request.actor))


def _allowed(request: AimsRequest, code: str, permit: Callable[..., bool]) -> ChangeRecord:
    row = one(request, code)
    admit(permit(request.actor, row))
    return row


def _demanded(row: ChangeRecord, demand: str) -> None:
    if not row.demands.filter(kind=demand).exists():
        raise Http404(_("There is nothing here."))


def _meeting(request: AimsRequest, row: ChangeRecord, demand: str) -> BaseForm:
    said, initial = request.POST or None, {"seen": row.version}
    if demand == "canary":
        return forms.CanaryForm(said, initial=initial)
    if demand == "assessment":
        editions = [(each.ref, each.title) for each in refreshed_since(row.system, row.opened_at)]
        return forms.ReferenceForm(said, initial=initial, options=editions)
    results = [(each.ref, each.title) for each in evaluations_since(row.system, row.opened_at)]
    return forms.ResultForm(said, initial=initial, options=results)


def _meet(request: AimsRequest, row: ChangeRecord, demand: str, form: BaseForm) -> object:
    by = {"seen": form.cleaned_data["seen"], "actor": request.actor}
    if isinstance(form, forms.CanaryForm):
        return actions.meet_by_canary(row, form.canary, **by)
    if reference := form.cleaned_data.get("reference"):
        return actions.meet_by_reference(row, demand, reference, **by)
    assert isinstance(form, forms.ResultForm)  # noqa: S101  (a reference form without one is not valid)
    return actions.meet_by_result(row, form.measured, **by)


def _notes(demand: str) -> str:
    if demand == "assessment":
        return _("Start a new edition of the impact assessment, have it decided, then choose it here.")
    if demand == "evaluation":
        return _("It passes when the result is within its limit; one that does not is kept as failed.")
    return _("The new version on a small part of the traffic, before all of it.")


def _answer(
    request: AimsRequest,
    row: ChangeRecord,
    form: BaseForm,
    verb: Verb,
    act: Callable[[Said], object],
    *,
    template: str = FORM,
) -> HttpResponse:
    clashes: list[BothTexts] | None = None
    lacks: tuple[Any, ...] = ()
    if form.is_valid():
        try:
            with refusals_on(form):
                try:
                    act(dict(form.cleaned_data))
                except Incomplete as missing:
                    lacks = missing.lacks
                    raise
                messages.success(request, verb.done)
                return redirect("changes:detail", request.aims.slug, row.code)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    back = reverse("changes:detail", args=[request.aims.slug, row.code])
    context = {"form": form, "verb": verb, "change": row, "back": back, "clashes": clashes, "lacks": lacks}
    context["may_mend"] = may_say(request.actor, row)
    status = 409 if clashes is not None else status_of(form)
    return render(request, template, context, status=status)
