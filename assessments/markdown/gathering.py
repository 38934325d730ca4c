"""An assessment as a document, and the file of it."""

from typing import Any

from django.utils.translation import gettext as _

from aims.models import Criteria
from assessments.markdown.document import Answer, Document, Head, Impact, Measure, Party, Verdict
from assessments.markdown.impacts import MORE, SCORES
from assessments.markdown.writing import Judge, written
from assessments.models import Assessment
from assessments.queries.sheet import ImpactLine, Sheet, sheet_of
from assessments.sections.questions import QUESTIONS


def document_of(sheet: Sheet) -> Document:
    """Return what an assessment says; a decision is part of it once it was taken."""
    row = sheet.assessment
    parties = tuple(
        Party(one.kind, one.name, one.per_year, one.heard, one.can_opt_out, one.is_vulnerable) for one in sheet.parties
    )
    return Document(
        system_version=row.system_version,
        intended_use=row.intended_use,
        foreseeable_misuse=row.foreseeable_misuse,
        oversight=row.oversight,
        benefits=row.benefits,
        jurisdictions=tuple(row.jurisdictions),
        next_review_on=row.next_review_on,
        parties=parties,
        impacts=tuple(_impact(one) for one in sheet.impacts),
        verdict=_verdict(row),
        sensitive_uses=tuple(row.sensitive_uses),
        triggers=tuple(row.triggers),
        publication=row.publication,
        answers=_answers(sheet),
    )


def _answers(sheet: Sheet) -> tuple[Answer, ...]:
    rows = [sheet.answers[one.key] for one in QUESTIONS if one.key in sheet.answers]
    return tuple(Answer(row.question, row.text, row.not_applicable_because) for row in rows if row.is_told)


def _impact(line: ImpactLine) -> Impact:
    row = line.row
    fields: dict[str, Any] = {name: getattr(row, name) for name in (*SCORES, "target_on", *MORE)}
    measures = tuple(
        Measure(
            *(one.text, one.requirement.code if one.requirement else "", one.is_in_place, one.due_on),
            *(one.kind, one.is_failing),
        )
        for one in line.measures
    )
    return Impact(
        row.number, row.description, row.level, row.valence, row.dimension, row.who, measures=measures, **fields
    )


def _verdict(row: Assessment) -> Verdict:
    if not row.decision or row.decided_at is None:
        return Verdict()
    approver = row.decided_by.display_name if row.decided_by else ""
    return Verdict(row.decision, row.conditions, row.conditions_by, approver, row.decided_at.date())


def judge_of(criteria: Criteria) -> Judge:
    """Return how criteria call the level of two scores."""
    return lambda likelihood, severity: str(criteria.band(likelihood, severity).label)


def labels_of(criteria: Criteria) -> dict[str, dict[str, int]]:
    """Return the words of the scales, so that a file may say “Likely” for 4."""
    return {
        scale: {str(one["label"]).casefold(): int(one["score"]) for one in getattr(criteria, scale)}
        for scale in ("likelihood", "severity")
    }


def file_of(assessment: Assessment) -> str:
    """Return an edition as Markdown, judged by its own criteria; five queries when its system is selected with it."""
    sheet = sheet_of(assessment)
    head = Head(
        title=_("Impact assessment of %s") % assessment.system.name,
        assessment=assessment.code,
        edition=assessment.edition,
        system=assessment.system.key or assessment.system.code,
        depth=assessment.depth,
    )
    return written(head, document_of(sheet), judge_of(assessment.criteria))
