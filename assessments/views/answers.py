"""The questions, remarks and co-authors of an assessment."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from accounts.refusals import Conflict
from aims.clash import BothTexts, both_texts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from assessments.actions.shared import Named
from assessments.forms import SeenOnlyForm
from assessments.models import Assessment, CoAuthor, Section, SectionComment
from assessments.permissions import may_comment, may_settle, may_write
from assessments.sections import actions
from assessments.sections.forms import AnswerForm, CoAuthorForm, CommentForm
from assessments.sections.queries import is_co_author
from assessments.sections.questions import BY_KEY
from assessments.sections.shown import line_of
from assessments.views import passing
from assessments.views.editor import one, posted, saved, show

ANCHORS = {Section.SYSTEM: "purpose", Section.MEASURES: "mitigations"}


@require_POST
def answer(request: AimsRequest, code: str, edition: str, question: str) -> HttpResponse:
    """Save one answer; in passing, only what belongs to the question is answered, and nothing is drawn again."""
    if question in BY_KEY and request.POST.get("autosave"):
        return _in_passing(request, Named(code, edition), question)
    row = _writable(request, code, edition)
    if question not in BY_KEY:
        return show(request, row, status=404)
    form = AnswerForm(request.POST)
    clashes: list[BothTexts] | None = None
    if form.is_valid():
        try:
            with refusals_on(form):
                actions.answer_question(row, question, **form.cleaned_data, actor=request.actor)
                return saved(request, row, _anchor(BY_KEY[question].section))
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    return _refused(request, row, question, form, clashes)


def _in_passing(request: AimsRequest, it: Named, question: str) -> HttpResponse:
    """Save it; what is refused, or written by somebody else meanwhile, is shown in its place after all."""
    try:
        return passing.save_said(request, it, question)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except passing.Stopped as stopped:
        clashes = None if stopped.conflict is None else both_texts(stopped.form, stopped.conflict)
        return _refused(request, one(it.code, it.edition), question, stopped.form, clashes)


@require_POST
def comment(request: AimsRequest, code: str, edition: str, section: str) -> HttpResponse:
    """Remark on a section."""
    row = one(code, edition)
    admit(may_comment(request.actor, row))
    form = CommentForm(request.POST)
    if section in Section and form.is_valid():
        with refusals_on(form):
            actions.comment_on(row, section, text=form.cleaned_data["text"], actor=request.actor)
            return saved(request, row, _anchor(section))
    return show(request, row, status=422 if section in Section else 404, refused=form)


@require_POST
def settle(request: AimsRequest, code: str, edition: str, pk: int) -> HttpResponse:
    """Say that a remark is dealt with."""
    row = one(code, edition)
    remark = get_object_or_404(SectionComment.objects.filter(assessment=row), pk=pk)
    admit(may_settle(request.actor, remark) or is_co_author(request.actor, row))
    return _verb(request, row, lambda seen: actions.settle_comment(remark, seen=seen, actor=request.actor))


@require_http_methods(["GET", "POST"])
def add_author(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Name who writes it beside its author."""
    row = _writable(request, code, edition)
    form = CoAuthorForm(posted(request), auto_id="author_%s")
    if form.is_valid():
        with refusals_on(form):
            actions.name_co_author(row, form.cleaned_data["user"], actor=request.actor)
            return saved(request, row, "scope")
    return show(request, row, "authors", status=status_of(form), co_author_form=form)


@require_POST
def withdraw_author(request: AimsRequest, code: str, edition: str, pk: int) -> HttpResponse:
    """Take a co-author off it."""
    row = _writable(request, code, edition)
    it = get_object_or_404(CoAuthor.objects.filter(assessment=row, withdrawn_at__isnull=True), pk=pk)
    return _verb(request, row, lambda seen: actions.withdraw_co_author(it, seen=seen, actor=request.actor))


def _verb(request: AimsRequest, row: Assessment, act: Any) -> HttpResponse:
    form = SeenOnlyForm(request.POST)
    if form.is_valid():
        try:
            with refusals_on(form):
                act(form.cleaned_data["seen"])
                return saved(request, row, "scope")
        except Conflict:
            return show(request, one(row.code, row.edition), status=409, clashes=[])
    return show(request, row, status=422, refused=form)


def _refused(
    request: AimsRequest, row: Assessment, question: str, form: BaseForm, clashes: list[BothTexts] | None
) -> HttpResponse:
    """Show the question again with what was typed: errors (422), or both texts beside it (409)."""
    status = 422 if clashes is None else 409
    if not request.htmx:  # type: ignore[attr-defined]
        return show(request, row, "question", about=question, clashes=clashes, status=status, refused=form)
    answer = row.texts.filter(question=question).first()
    context = {
        "line": line_of(BY_KEY[question], answer),
        "row": row,
        "refused": form,
        "clashes": clashes,
        "may_edit": True,
    }
    page = render(request, "assessments/question.html", context, status=status)
    return retarget(reswap(page, "outerHTML"), f"#q-{question}")  # type: ignore[no-any-return]


def _writable(request: AimsRequest, code: str, edition: str) -> Assessment:
    row = one(code, edition)
    admit(may_write(request.actor, row) or is_co_author(request.actor, row))
    return row


def _anchor(section: str) -> str:
    return ANCHORS.get(Section(section), section)
