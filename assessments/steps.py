"""How far each section of an assessment has come, for the list of its sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aims.acceptance import rule_of
from assessments.checks import Remark, purpose_is_told
from assessments.models import Assessment, AssessmentState, Section
from assessments.queries.sheet import Sheet
from assessments.sections.shown import QuestionLine, questions_of

GLYPHS = {
    "done": ("done", "ok", _("Done")),
    "half": ("half", "info", _("In progress")),
    "none": ("none", "none", _("Not started")),
    "seal": ("seal", "ok", _("Signed")),
}
COUNTED = frozenset({Section.SCOPE, Section.DATA, Section.MODEL, Section.DEPLOYMENT, Section.SOCIETY})


@dataclass(frozen=True, slots=True)
class Step:
    """A section of the editor and how far it has come."""

    anchor: str
    label: str
    glyph: str
    tone: str
    words: str


def steps_of(sheet: Sheet, missing: Sequence[Remark]) -> tuple[Step, ...]:
    """Return every section in the order of the page; nothing is asked of the database."""
    row = sheet.assessment
    lacking = {remark.section for remark in missing}
    is_decided = bool(row.decision)
    waits = "half" if row.state == AssessmentState.SUBMITTED else "none"
    questions = questions_of(row, sheet.answers)
    impacts = "half" if _is_severe(sheet) else _how_far("impacts", bool(sheet.harms), lacking)

    def told(section: Section) -> Step | None:
        return questions_step(section, questions.get(section, []))

    found = (
        told(Section.SCOPE),
        texts_step(row),
        told(Section.DATA),
        told(Section.MODEL),
        told(Section.DEPLOYMENT),
        _step("parties", _("Affected parties"), _how_far("parties", bool(sheet.parties), lacking)),
        _step("impacts", _("Impacts"), impacts),
        _step("mitigations", _("Mitigations"), _measures_state(sheet, lacking)),
        told(Section.SOCIETY),
        _step("decision", _("Decision"), "done" if is_decided else waits),
        _step("signoff", _("Approval"), "seal" if is_decided else waits),
    )
    return tuple(step for step in found if step)


def texts_step(row: Assessment) -> Step:
    """Return how far the texts of the assessment itself have come."""
    lacking = {remark.section for remark in purpose_is_told(Sheet(row, (), ()))}
    is_begun = bool(row.intended_use or row.jurisdictions)
    return _step("purpose", _("System and purpose"), _how_far("purpose", is_begun, lacking))


def questions_step(section: str, lines: Sequence[QuestionLine]) -> Step | None:
    """Return how far a section of questions has come; none for a section that its questions are only a part of."""
    if section not in COUNTED:
        return None
    told = sum(line.is_told for line in lines)
    state = "done" if told == len(lines) else "half" if told else "none"
    return _step(section, str(Section(section).label), state)


def _step(anchor: str, label: str, state: str) -> Step:
    return Step(str(anchor), label, *GLYPHS[state])


def _how_far(section: str, is_begun: bool, lacking: set[str]) -> str:  # noqa: FBT001
    if not is_begun:
        return "none"
    return "half" if section in lacking else "done"


def _is_severe(sheet: Sheet) -> bool:
    worst = sheet.worst_now
    return worst is not None and rule_of(sheet.assessment.criteria, worst.band).is_nobody


def _measures_state(sheet: Sheet, lacking: set[str]) -> str:
    is_waiting = any(not measure.is_in_place for measure in sheet.measures)
    return "half" if is_waiting else _how_far("mitigations", bool(sheet.measures), lacking)
