"""Screenings: begin, answer, conclude, sign, send back, and go on to the assessment."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Conflict
from accounts.roles import WRITERS
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from assessments.forms import ReasonForm, SeenOnlyForm
from assessments.models import Screening, ScreeningState
from assessments.permissions import may_screen, may_send_screening_back, may_sign, may_start
from assessments.screening import actions as screening
from assessments.screening.actions.begun import begin_assessment
from assessments.screening.forms import AnswersForm, NewScreeningForm, SignForm
from assessments.screening.pages import MARKS, page_of
from assessments.views.editor import address as address_of
from assessments.views.editor import posted
from systems.models import AiSystem

PAGE = 50


@require_GET
def screenings(request: AimsRequest) -> HttpResponse:
    """List the screenings, the newest first."""
    rows = Screening.objects.select_related("system", "signed_by").order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [(row, *MARKS[ScreeningState(row.state)]) for row in page]
    may = request.actor.is_person and request.actor.holds(*WRITERS)
    return render(request, "assessments/screening/list.html", {"page_of": page, "lines": lines, "may_screen": may})


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Choose a system and begin its screening; one that is being answered is opened."""
    admit(request.actor.is_person and request.actor.holds(*WRITERS))
    chosen = AiSystem.objects.filter(code=request.GET.get("system", "")).first()
    form = NewScreeningForm(posted(request), initial={"system": chosen})
    if form.is_valid():
        with refusals_on(form):
            row = screening.begin_screening(form.cleaned_data["system"], actor=request.actor)
            return redirect(_place(request, row))
    context = {"form": form, "has_systems": AiSystem.objects.exists()}
    return render(request, "assessments/screening/new.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show a screening; who answers it saves and, when asked, concludes it."""
    row = _one(code)
    if request.method == "GET":
        return _show(request, row, AnswersForm.of(row))
    admit(may_screen(request.actor, row.system))
    form = AnswersForm.of(row, request.POST)

    def act(said: dict[str, Any]) -> None:
        saved = screening.answer_screening(row, answers=form.answers, seen=said["seen"], actor=request.actor)
        if request.POST.get("conclude"):
            screening.conclude_screening(saved, seen=saved.version, because=said["because"], actor=request.actor)

    return _answer(request, row, form, act)


@require_POST
def sign(request: AimsRequest, code: str) -> HttpResponse:
    """Sign that no assessment is due."""
    row = _one(code)
    admit(may_sign(request.actor, row))
    done = _("Signed and recorded. It comes back for review.")
    return _answer(
        request,
        row,
        SignForm(request.POST, auto_id="sign_%s"),
        lambda said: screening.sign_screening(row, **said, actor=request.actor),
        done,
    )


@require_POST
def send_back(request: AimsRequest, code: str) -> HttpResponse:
    """Return it to who answered it, with a reason."""
    row = _one(code)
    admit(may_send_screening_back(request.actor, row))
    form = ReasonForm(request.POST, auto_id="return_%s")
    return _answer(
        request, row, form, lambda said: screening.return_screening(row, **said, actor=request.actor), _("Sent back.")
    )


@require_POST
def start(request: AimsRequest, code: str) -> HttpResponse:
    """Begin the assessment that the screening says is due, or a new edition of the one in force."""
    row = _one(code)
    admit(may_start(request.actor, row.system))
    form = SeenOnlyForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            return redirect(address_of(request, begin_assessment(row, actor=request.actor)))
    return _show(request, row, form)


def _answer(
    request: AimsRequest, row: Screening, form: BaseForm, act: Callable[[dict[str, Any]], object], done: str = ""
) -> HttpResponse:
    """Take the verb; else show the page with errors (422) or both texts (409)."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                act(dict(form.cleaned_data))
                if done:
                    messages.success(request, done)
                return redirect(_place(request, row))
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    return _show(request, _one(row.code), form, clashes=clashes)


def _show(request: AimsRequest, row: Screening, form: BaseForm, clashes: Any = None) -> HttpResponse:
    answers = form if isinstance(form, AnswersForm) else AnswersForm.of(row)
    seen = {"seen": row.version}
    context = {
        "page": page_of(row, answers, request.actor),
        "row": row,
        "form": form,
        "answers": answers,
        "sign_form": form if isinstance(form, SignForm) else SignForm(initial=seen, auto_id="sign_%s"),
        "return_form": form if isinstance(form, ReasonForm) else ReasonForm(initial=seen, auto_id="return_%s"),
        "clashes": clashes,
        "here": _place(request, row),
    }
    status = 409 if clashes is not None else status_of(form)
    return render(request, "assessments/screening/screening.html", context, status=status)


def _one(code: str) -> Screening:
    rows = Screening.objects.select_related("system", "author", "signed_by")
    return get_object_or_404(rows, code=code)


def _place(request: AimsRequest, row: Screening) -> str:
    return reverse("assessments:screening", args=[request.aims.slug, row.code])
