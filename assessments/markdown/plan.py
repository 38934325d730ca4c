"""What taking a file in would do to the assessment of a system, judged before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from aims.models import Criteria
from aims.queries import current_criteria
from assessments.markdown.changes import Change, changes_of
from assessments.markdown.claims import row_of
from assessments.markdown.document import Document, Head, Impact, Note, Reading, Stated, Verdict, in_order
from assessments.markdown.gathering import document_of, labels_of
from assessments.markdown.impacts import MORE
from assessments.markdown.reading import read
from assessments.markdown.values import CONTROL
from assessments.models import Assessment, AssessmentState
from assessments.queries.sheet import sheet_of
from assessments.sections.questions import QUESTIONS
from controls.models import Requirement
from systems.models import AiSystem, Stage


@dataclass(frozen=True, slots=True)
class Plan:
    """A file against what stands; `verdict` is added, changed, edition, unchanged or refused."""

    reading: Reading
    system: AiSystem
    standing: Assessment | None
    verdict: str
    faults: tuple[Note, ...]
    notes: tuple[Note, ...]
    rows: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...] = ()

    @property
    def document(self) -> Document:
        """What the file says, and what stands where it says nothing."""
        return self.reading.document

    @property
    def flagged(self) -> list[dict[str, Any]]:
        """The impacts that are half filled, or whose stated product or level contradicts the criteria."""
        return [row for row in self.rows if row["reasons"]]

    def as_json(self) -> dict[str, Any]:
        """Return it as the command and the API tell it."""
        said = self.document.verdict
        return {
            "system": self.system.code,
            "assessment": self.standing.ref_code if self.standing else None,
            "verdict": self.verdict,
            "parties": [party.name for party in self.document.parties],
            "impacts": list(self.rows),
            "changes": [one.as_json() for one in self.changes],
            "matched": [row for row in self.rows if not row["reasons"]],
            "flagged": self.flagged,
            "rejected": [fault.as_json() for fault in self.faults],
            "skipped": [note.as_json() for note in self.notes],
            "decision": {
                "stated": said.decision or None,
                "approver": said.approver or None,
                "decided_on": said.decided_on.isoformat() if said.decided_on else None,
            },
        }


def plan_of(content: bytes, system: AiSystem) -> Plan:
    """Read a file and compare it with the newest edition of a system's assessment; writes nothing."""
    standing = Assessment.objects.filter(system=system).select_related("system", "criteria", "decided_by").last()
    is_open = standing is not None and standing.state in (AssessmentState.DRAFT, AssessmentState.RETURNED)
    criteria = standing.criteria if standing and is_open else current_criteria()
    reading = read(content, labels_of(criteria))
    held = document_of(sheet_of(standing)) if standing is not None else None
    if held is not None:
        reading = replace(reading, document=merged(reading, held))
    faults = [*reading.faults, *_unknown_controls(reading)]
    if standing is not None and standing.state == AssessmentState.SUBMITTED:
        faults.append(Note(0, f"{standing.ref_code} is in review. Send it back before a file is taken in."))
    if standing is None and system.stage == Stage.RETIRED:
        faults.append(Note(0, f"{system.code} {system.name} is retired; its assessment does not begin any more."))
    rows = tuple(_rows(reading, criteria))
    verdict = "refused" if faults else _verdict(reading.document, held, is_open=is_open)
    about = (*_depth(reading.head, standing), *_other_system(reading.head, system))
    notes = [*about, *reading.notes, *_decision(reading, verdict)]
    changes = () if faults else changes_of(held, reading.document)
    return Plan(reading, system, standing, verdict, in_order(faults), in_order(notes), rows, changes)


def merged(reading: Reading, held: Document) -> Document:
    """Return what a file says, with what stands filled in where the file does not speak of it."""
    said, speaks = reading.document, reading.speaks
    silent = {name: getattr(held, name) for name in ("sensitive_uses", "triggers", "publication") if name not in speaks}
    answers = {one.question: one for one in held.answers if one.question not in speaks}
    answers |= {one.question: one for one in said.answers}
    numbered = {one.number: one for one in held.impacts}
    return replace(
        said,
        answers=tuple(answers[one.key] for one in QUESTIONS if one.key in answers),
        impacts=tuple(_merged(one, numbered.get(one.number), speaks) for one in said.impacts),
        **silent,
    )


def _merged(said: Impact, held: Impact | None, speaks: frozenset[str]) -> Impact:
    """Impacts are the same by number and words, measures by their words and control."""
    if held is None or held.description != said.description:
        return said
    known = {(one.text, one.control): one for one in held.measures}
    silent: dict[str, Any] = {name: getattr(held, name) for name in MORE if name not in speaks}
    measures = []
    for one in said.measures:
        before = known.get((one.text, one.control), one)
        kept: dict[str, Any] = {name: getattr(before, name) for name in ("kind", "is_failing") if name not in speaks}
        measures.append(replace(one, **kept))
    return replace(said, measures=tuple(measures), **silent)


def said_here(document: Document) -> Document:
    """Return a document without its decision, which no file takes."""
    return replace(document, verdict=Verdict())


def _verdict(document: Document, held: Document | None, *, is_open: bool) -> str:
    if held is None:
        return "added"
    if said_here(held) == said_here(document):
        return "unchanged"
    return "changed" if is_open else "edition"


def _unknown_controls(reading: Reading) -> Iterator[Note]:
    named = {(one.control, impact.number) for impact in reading.document.impacts for one in impact.measures}
    codes = {code for code, _number in named if code}
    known = (
        set(Requirement.objects.linkable().filter(code__in=codes).values_list("code", flat=True)) if codes else set()
    )
    for code, number in sorted(named):
        if code and (code not in known or not CONTROL.fullmatch(code)):
            words = f"There is no clause or control {code} (a mitigation of impact {number})."
            yield Note(reading.line_of(number), words)


def _other_system(head: Head, system: AiSystem) -> Iterator[Note]:
    ours = {one.casefold() for one in (system.code, system.key or "", system.name) if one}
    if head.system and head.system.casefold() not in ours:
        yield Note(1, f"The file is about “{head.system}”; it is taken for {system.code} {system.name}.")


def _depth(head: Head, standing: Assessment | None) -> Iterator[Note]:
    if head.depth and head.depth != (standing.depth if standing else ""):
        yield Note(1, f"The file says the depth is “{head.depth[:20]}”. A screening sets it here.")


def _decision(reading: Reading, verdict: str) -> Iterator[Note]:
    said = reading.document.verdict
    if said.decision and verdict != "unchanged":
        by = f" by {said.approver}" if said.approver else ""
        words = f"The file says “{said.decision}”{by}. A decision is taken here, by an approver who did not write it."
        yield Note(0, words)


def _rows(reading: Reading, criteria: Criteria) -> Iterator[dict[str, Any]]:
    claimed: dict[int, list[Stated]] = {}
    for one in reading.stated:
        claimed.setdefault(one.number, []).append(one)
    for impact in reading.document.impacts:
        yield row_of(impact, reading.line_of(impact.number), claimed.get(impact.number, []), criteria)
