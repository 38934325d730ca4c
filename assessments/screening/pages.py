"""The page of a screening as a frozen shape: its questions with their answers, and what this reader may press."""

from dataclasses import dataclass

from django.forms import BoundField
from django.utils.functional import Promise

from accounts.actor import Actor
from accounts.separation import apart, had_a_hand
from assessments.models import Assessment, Screening, ScreeningState
from assessments.permissions import may_screen, may_send_screening_back, may_sign, may_start
from assessments.screening.deciding import conclude, reasons_in_words, unanswered
from assessments.screening.forms import NOTE, AnswersForm
from assessments.screening.queries import answerers_of
from assessments.screening.questions import QUESTIONNAIRE, Said

MARKS = {
    ScreeningState.DRAFT: ("half", ""),
    ScreeningState.DUE: ("due", "warn"),
    ScreeningState.WAITING: ("half", "info"),
    ScreeningState.SIGNED: ("seal", "ok"),
    ScreeningState.SUPERSEDED: ("na", ""),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer in words, and its fields while it can be answered."""

    code: str
    label: str | Promise
    answer: str
    note: str
    field: BoundField
    note_field: BoundField


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page prints."""

    row: Screening
    lines: tuple[Line, ...]
    badge: tuple[str, str]
    reasons: tuple[str, ...]
    missing: int
    leads_to: str
    assessment: Assessment | None
    may_answer: bool
    may_sign: bool
    may_return: bool
    may_start: bool
    own_work: bool


def page_of(row: Screening, form: AnswersForm, actor: Actor) -> Page:
    """Gather the page: what was concluded, or what the answers so far would come to."""
    is_open, waits = row.state == ScreeningState.DRAFT, row.state == ScreeningState.WAITING
    found = conclude(row.answers)
    answerers = answerers_of(row) if waits and may_sign(actor, row) else frozenset()
    own_work = waits and (had_a_hand(actor, answerers) or not may_sign(apart(actor, answerers), row))
    assessment = Assessment.objects.filter(system=row.system_id).defer("frozen").order_by("-pk").first()
    missing = len(unanswered(row.answers))
    return Page(
        row=row,
        lines=tuple(_line(row, form, code, label) for code, label in ((one.code, one.label) for one in QUESTIONNAIRE)),
        badge=MARKS[ScreeningState(row.state)],
        reasons=tuple(reasons_in_words([] if is_open and missing else row.reasons or found.reasons, row.answers)),
        missing=missing if is_open else 0,
        leads_to=str(row.get_outcome_display() or ("" if missing else found.depth.label)),
        assessment=assessment,
        may_answer=is_open and may_screen(actor, row.system),
        may_sign=waits and may_sign(actor, row) and not own_work,
        may_return=waits and may_send_screening_back(actor, row),
        may_start=row.state == ScreeningState.DUE and may_start(actor, row.system),
        own_work=own_work and may_sign(actor, row),
    )


def _line(row: Screening, form: AnswersForm, code: str, label: str | Promise) -> Line:
    told = row.answers.get(code) or {}
    answer = str(told.get("answer", ""))
    words = str(Said(answer).label) if answer in Said else ""
    return Line(code, label, words, str(told.get("note", "")), form[code], form[code + NOTE])
