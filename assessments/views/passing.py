"""Saving in passing: a field is left, its text is saved, and the answer holds what that changed and nothing more.

Its queries are counted (`make bench`). What it moves elsewhere, the matrix and the warnings, the page asks for by
itself a moment later: `assessment-saved` has it do so.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django_htmx.http import trigger_client_event

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Conflict
from aims.doors import refusals_on
from aims.middleware import AimsRequest
from assessments import actions, forms
from assessments.actions.shared import Named, PartNamed
from assessments.bands import judged
from assessments.models import Impact
from assessments.sections.actions.answer import Answered, save_answer
from assessments.sections.forms import AnswerForm
from assessments.sections.questions import BY_KEY, asked
from assessments.sections.shown import line_of
from assessments.steps import questions_step, texts_step

PICKED = re.compile(r"i([0-9]{1,18})-seen")


class Stopped(Exception):
    """Something was refused; `form` says what, `current` is the row as somebody else left it."""

    def __init__(self, form: Any, pk: int = 0, conflict: Conflict | None = None) -> None:
        super().__init__()
        self.form = form
        self.pk = pk
        self.conflict = conflict


def save_texts(request: AimsRequest, it: Named) -> HttpResponse:
    """Save the texts of an assessment; raises Stopped."""
    form = forms.PurposeForm(request.POST, auto_id="purpose_%s")

    def save(said: dict[str, Any]) -> Any:
        sent = {name: value for name, value in said.items() if name != "publication" or "publication" in request.POST}
        return actions.edit_assessment(it, **sent, actor=request.actor)  # type: ignore[arg-type]

    row = _saved(form, save)
    return little({"row": row, "step": texts_step(row)})


def save_said(request: AimsRequest, it: Named, question: str) -> HttpResponse:
    """Save one answer; raises Stopped."""
    form = AnswerForm(request.POST)
    done: Answered = _saved(form, lambda said: save_answer(it, question, **said, actor=request.actor))
    section = BY_KEY[question].section
    due = [one for one in asked(done.assessment.depth) if one.section == section]
    lines = [line_of(one, done.answers.get(one.key)) for one in due]
    return little(
        {
            "line": line_of(BY_KEY[question], done.answer),
            "section": section,
            "open_questions": sum(not line.is_told for line in lines),
            "step": questions_step(section, lines),
        }
    )


def save_scores(request: AimsRequest, it: Named) -> HttpResponse:
    """Save the scores of the impacts whose pickers were sent; raises Stopped.

    While a pair is picked by half nothing of it is saved, and its place says what is missing.
    """
    told = []
    for pk in map(int, PICKED.findall(" ".join(request.POST))):
        form = forms.ScoresForm(request.POST, prefix=f"i{pk}", auto_id="%s")
        if form.is_half:
            told.append({"pk": pk, "lacking": tuple(dict.fromkeys(form.lacking.values()))})
            continue
        part = PartNamed(pk, it)
        impact = _saved(form, partial(_save_impact, part, request.actor), pk)
        told.append(_levels(impact))
    return little({"impacts": told})


def _save_impact(part: PartNamed, actor: Actor, said: dict[str, Any]) -> Impact:
    return actions.edit_impact(part, **said, actor=actor)


def _levels(impact: Impact) -> dict[str, Any]:
    criteria = impact.assessment.criteria
    before = judged(criteria, impact.likelihood, impact.severity)
    return {"pk": impact.pk, "version": impact.version, "before": before, "now": judged(criteria, *impact.now)}


def _saved(form: Any, save: Callable[[dict[str, Any]], Any], pk: int = 0) -> Any:
    if not form.is_valid():
        raise Stopped(form, pk)
    try:
        with refusals_on(form):
            return save(dict(form.cleaned_data))
    except Conflict as conflict:
        raise Stopped(form, pk, conflict) from conflict
    raise Stopped(form, pk)


def little(context: dict[str, Any]) -> HttpResponse:
    """Answer with what changed, without the frame, which asks the database; the page then looks at the rest."""
    text = render_to_string("assessments/passing.html", context | {"saved_at": clock.now()})
    return trigger_client_event(HttpResponse(text), "assessment-saved")  # type: ignore[no-any-return]
