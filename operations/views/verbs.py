"""The forms of this room's verbs; each makes one call to its action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.forms import ReasonForm
from aims.middleware import AimsRequest
from operations import actions
from operations.forms import AnswerForm, BenchmarkForm, LimitsForm, SignalForm, UploadForm
from operations.models import Benchmark, Evaluation, LimitCrossing
from operations.permissions import may_answer, may_declare, may_deliver, may_set_limits, may_withdraw
from operations.uploads import bounded, result_of
from operations.views.pages import signal_called, system_called
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Verb:
    """What the page of a verb says, and where it leads back to."""

    heading: str
    button: str
    done: str
    back: str
    note: str = ""
    has_file: bool = False


@require_http_methods(["GET", "POST"])
def declare(request: AimsRequest, code: str) -> HttpResponse:
    """Declare a signal."""
    system = system_called(request, code)
    admit(may_deliver(request.actor, system))
    back = reverse("operations:signals", args=[request.aims.slug, code])
    verb = Verb(_("Declare a signal"), _("Declare signal"), _("Signal declared. A person sets its limits."), back)
    form = SignalForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        row = actions.declare_signal(system, **said, actor=request.actor)
        return f"{back}{row.code}/"

    return answered(request, system, form, act, verb)


@require_http_methods(["GET", "POST"])
def limits(request: AimsRequest, code: str, signal: str) -> HttpResponse:
    """Say what a signal must keep."""
    system = system_called(request, code)
    row = signal_called(system, signal)
    admit(may_set_limits(request.actor, row))
    back = reverse("operations:signal", args=[request.aims.slug, code, signal])
    verb = Verb(
        _("Limits of %s") % row.name,
        _("Set limits"),
        _("Limits set. The readings were judged by them."),
        back,
        _("Past a limit, the owner gets one task, and the flag stays until enough readings in a row are back."),
    )
    form = LimitsForm(request.POST or None, initial=LimitsForm.of(row))

    def act(said: dict[str, Any]) -> str:
        actions.set_limits(row, **said, actor=request.actor)
        return back

    return answered(request, system, form, act, verb)


@require_http_methods(["GET", "POST"])
def answer(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Answer for a signal that is past its limit."""
    system = system_called(request, code)
    rows = LimitCrossing.objects.select_related("signal")
    row = get_object_or_404(rows, signal__system=system, pk=pk)
    row.signal.system = system
    admit(may_answer(request.actor, row))
    back = reverse("operations:signal", args=[request.aims.slug, code, row.signal.code])
    verb = Verb(_("Answer for %s") % row.signal.name, _("Answer"), _("Answer kept; the task is closed."), back)
    form = AnswerForm(request.POST or None, initial={"seen": row.version, "answer": row.answer})

    def act(said: dict[str, Any]) -> str:
        actions.answer_crossing(row, **said, actor=request.actor)
        return back

    return answered(request, system, form, act, verb)


@bounded
@require_http_methods(["GET", "POST"])
def upload(request: AimsRequest, code: str) -> HttpResponse:
    """Upload a file of results."""
    system = system_called(request, code)
    admit(may_deliver(request.actor, system))
    back = reverse("operations:evaluations", args=[request.aims.slug, code])
    verb = Verb(_("Upload results"), _("Upload"), _("Evaluation recorded."), back, has_file=True)
    form = UploadForm(request.POST or None, request.FILES or None)

    def act(said: dict[str, Any]) -> str:
        result = result_of(said.pop("file"), **said)
        row, is_new = actions.record_evaluation(system, result, actor=request.actor)
        if not is_new:
            messages.info(request, _("This run was recorded before, as %s; nothing changed.") % row.code)
        return f"{back}{row.code}/"

    return answered(request, system, form, act, verb)


@require_http_methods(["GET", "POST"])
def benchmark(request: AimsRequest, code: str) -> HttpResponse:
    """Ask a system to pass a benchmark."""
    system = system_called(request, code)
    admit(may_declare(request.actor, system))
    back = reverse("operations:evaluations", args=[request.aims.slug, code])
    note = _("Before it is deployed or operated, the version in use must have passed each benchmark that is asked.")
    verb = Verb(_("Ask for a benchmark"), _("Ask for it"), _("Benchmark asked for."), back, note)

    def act(said: dict[str, Any]) -> str:
        actions.declare_benchmark(system, **said, actor=request.actor)
        return back

    return answered(request, system, BenchmarkForm(request.POST or None), act, verb)


@require_http_methods(["GET", "POST"])
def drop_benchmark(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Ask for a benchmark no more."""
    system = system_called(request, code)
    row = get_object_or_404(Benchmark, system=system, withdrawn_at__isnull=True, pk=pk)
    admit(may_declare(request.actor, system))
    back = reverse("operations:evaluations", args=[request.aims.slug, code])
    verb = Verb(_("Ask for %s no more") % row.name, _("Withdraw benchmark"), _("Benchmark withdrawn."), back)

    def act(said: dict[str, Any]) -> str:
        actions.withdraw_benchmark(row, **said, actor=request.actor)
        return back

    return answered(request, system, ReasonForm(request.POST or None, initial={"seen": row.version}), act, verb)


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str, run: str) -> HttpResponse:
    """Let an evaluation count no more."""
    system = system_called(request, code)
    row = get_object_or_404(Evaluation, system=system, code=run)
    admit(may_withdraw(request.actor, system))
    back = reverse("operations:evaluation", args=[request.aims.slug, code, run])
    verb = Verb(_("Withdraw %s") % row.code, _("Withdraw evaluation"), _("Evaluation withdrawn."), back)

    def act(said: dict[str, Any]) -> str:
        actions.withdraw_evaluation(row, **said, actor=request.actor)
        return back

    return answered(request, system, ReasonForm(request.POST or None, initial={"seen": row.version}), act, verb)


def answered(
    request: AimsRequest, system: AiSystem, form: BaseForm, act: Callable[[dict[str, Any]], str], verb: Verb
) -> HttpResponse:
    """Take the verb when the form holds, else show the form: 422 with errors, 409 with both texts."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                place = act(dict(form.cleaned_data))
                messages.success(request, verb.done)
                return redirect(place)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    status = 409 if clashes is not None else status_of(form)
    context = {"form": form, "verb": verb, "clashes": clashes, "back": verb.back, "system": system}
    return render(request, "operations/verb.html", context, status=status)
