"""The editor's page as a frozen shape: what each section shows, how far it has come, and what this reader may press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from aims.authority import Exercised, exercised_at
from assessments.actions.shared import EDITABLE
from assessments.bands import rank_of
from assessments.checks import Remark, cautions, gaps
from assessments.events import DECIDED, EDITION, RETURNED, SUBMITTED
from assessments.models import (
    AffectedParty,
    Assessment,
    AssessmentState,
    Impact,
    Measure,
    Section,
    SectionText,
)
from assessments.permissions import may_comment, may_decide, may_return, may_write
from assessments.pictures import Move, impact_matrix
from assessments.policies import own_assessment
from assessments.queries import Residual, Sheet, approvers_of, authors_of, sheet_of
from assessments.queries.beside import Beside, Comment, Edition, OtherAuthor, beside
from assessments.queries.listing import MARKS
from assessments.queries.residual import matrix_of
from assessments.sections.shown import QuestionLine, missing_in, questions_of
from assessments.sections.vocabulary import SENSITIVE_USES, labels
from assessments.steps import Step, steps_of
from ledger.queries import Act, acts_about

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of the approval: who, as what, and how far they are."""

    name: str
    initials: str
    role: str
    glyph: str
    tone: str
    words: str
    at: datetime | None = None
    held: Exercised | None = None


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything the page prints."""

    row: Assessment
    sheet: Sheet
    steps: tuple[Step, ...]
    gaps: tuple[Remark, ...]
    cautions: tuple[Remark, ...]
    lacking: Mapping[str, list[Remark]]
    badge: tuple[str, str]
    matrix: SafeString
    levels: Residual
    signatures: tuple[Signature, ...]
    editions: tuple[Edition, ...]
    acts: tuple[Act, ...]
    opened_because: str
    returned_because: str
    may_edit: bool
    may_submit: bool
    may_return: bool
    may_decide: bool
    may_revise: bool
    own_work: str
    questions: Mapping[str, list[QuestionLine]]
    missing: Mapping[str, int]
    names: Mapping[str, str]
    remarks: Mapping[str, list[Comment]]
    co_authors: tuple[OtherAuthor, ...]
    waiting: tuple[str, ...]
    sensitive_uses: list[str]
    may_comment: bool


def editor(row: Assessment, actor: Actor, at: datetime | None = None) -> Editor:
    """Gather the page, now or as it stood; a fixed number of queries whatever the assessment holds."""
    sheet = sheet_of(row, at)
    around = beside(row, at)
    authors = frozenset() if row.decided_by else authors_of(row, at)
    acts = tuple(acts_about(_refs(sheet), Assessment, AffectedParty, Impact, Measure, SectionText, at=at))
    writing = may_write(actor, row) or around.has_as_author(actor)
    is_open = row.state in EDITABLE
    decides = row.state == AssessmentState.SUBMITTED and may_decide(actor, row)
    own_work = own_assessment(actor, row, authors) if decides else ""
    missing, warned = gaps(sheet), cautions(sheet)
    return Editor(
        row=row,
        sheet=sheet,
        steps=steps_of(sheet, missing),
        gaps=missing,
        cautions=warned,
        lacking=_by_section(missing, warned),
        badge=MARKS[AssessmentState(row.state)],
        matrix=_matrix(sheet),
        levels=matrix_of((impact.now for impact in sheet.harms), row.criteria),
        signatures=_signatures(row, [] if row.decided_by else approvers_of(authors, at)),
        editions=around.editions,
        acts=acts[:SHOWN],
        opened_because=_reason(acts, EDITION.name),
        returned_because=_reason(acts, RETURNED.name) if row.state == AssessmentState.RETURNED else "",
        may_edit=writing and is_open,
        may_submit=writing and is_open,
        may_return=row.state == AssessmentState.SUBMITTED and may_return(actor, row),
        may_decide=decides and not own_work,
        may_revise=writing and row.state == AssessmentState.DECIDED and around.editions[-1].is_this,
        own_work=own_work,
        **_sections(sheet, around, actor, at),
    )


def _sections(sheet: Sheet, around: Beside, actor: Actor, at: datetime | None) -> dict[str, Any]:
    """What stands in the sections beside the rows of the sheet."""
    row = sheet.assessment
    questions = questions_of(row, sheet.answers)
    is_over = row.state in {AssessmentState.DECIDED, AssessmentState.SUPERSEDED}
    return {
        "questions": questions,
        "missing": {section.value: missing_in(questions, section) for section in Section},
        "names": {section.value: str(section.label) for section in Section},
        "remarks": around.remarks,
        "co_authors": around.co_authors,
        "waiting": around.waiting,
        "sensitive_uses": labels(SENSITIVE_USES, row.sensitive_uses),
        "may_comment": at is None and not is_over and may_comment(actor, row),
    }


def _by_section(*remarks: Sequence[Remark]) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for remark in (one for some in remarks for one in some):
        found.setdefault(remark.section, []).append(remark)
    return found


def _refs(sheet: Sheet) -> list[str]:
    rows: Sequence[Any] = (
        sheet.assessment,
        *sheet.answers.values(),
        *sheet.parties,
        *(impact.row for impact in sheet.impacts),
    )
    return [row.ref for row in rows] + [f"{Measure.ref_kind}:{measure.pk}" for measure in sheet.measures]


def _reason(acts: Sequence[Act], event: str) -> str:
    return next((act.reason for act in acts if act.event == event), "")


def _matrix(sheet: Sheet) -> SafeString:
    criteria = sheet.assessment.criteria
    moves = [
        Move(
            impact.number,
            (impact.before.likelihood, impact.before.severity) if impact.before else None,
            (impact.now.likelihood, impact.now.severity) if impact.now else None,
        )
        for impact in sheet.harms
    ]
    return impact_matrix(moves, lambda likelihood, severity: rank_of(criteria.band(likelihood, severity)))


def _signatures(row: Assessment, approvers: Sequence[User]) -> tuple[Signature, ...]:
    held = exercised_at(row.ref, {SUBMITTED.name: row.submitted_at, DECIDED.name: row.decided_at})
    lines = [_author(row, held.get(SUBMITTED.name))]
    if row.decided_by:
        role, words = _("Approver, for top management"), str(row.get_decision_display())
        signed = _signature(row.decided_by, role, "seal", "ok", words, row.decided_at)
        lines.append(replace(signed, held=held.get(DECIDED.name)))
    elif row.state == AssessmentState.SUBMITTED:
        lines += [_signature(user, _("Approver"), "half", "info", _("May decide")) for user in approvers[:4]]
    else:
        lines += [_signature(user, _("Approver"), "none", "none", _("Waits for submission")) for user in approvers[:4]]
    return tuple(lines)


def _author(row: Assessment, held: Exercised | None) -> Signature:
    role = _("Author, system owner") if row.author_id == row.system.owner_id else _("Author")
    if row.submitted_at and row.state != AssessmentState.RETURNED:
        return replace(_signature(row.author, role, "seal", "ok", _("Submitted"), row.submitted_at), held=held)
    return _signature(row.author, role, "half", "info", _("Writing"))


def _signature(
    user: User | None, role: str, glyph: str, tone: str, words: str, at: datetime | None = None
) -> Signature:
    name = user.display_name if user else "Assay"
    return Signature(name, user.initials if user else "A", role, glyph, tone, words, at)
