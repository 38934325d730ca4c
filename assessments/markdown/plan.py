"""What taking a file in would do to the assessment of a system, judged before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from aims.models import Criteria
from aims.queries import current_criteria
from assessments.markdown.document import Document, Head, Note, Reading, Stated, Verdict, in_order
from assessments.markdown.gathering import document_of, labels_of
from assessments.markdown.reading import read
from assessments.markdown.values import CONTROL
from assessments.models import Assessment, AssessmentState
from assessments.queries.sheet import sheet_of
from controls.models import Requirement
from systems.models import AiSystem

RANKS = (("low", 1), ("minor", 1), ("negligible", 1), ("medium", 2), ("moderate", 2), ("high", 3), ("major", 3))
WORST = ("severe", "critical", "extreme", "very high", "unacceptable", "catastrophic")
BANDS = ("low", "moderate", "high", "severe")


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

    @property
    def document(self) -> Document:
        """What the file says."""
        return self.reading.document

    @property
    def flagged(self) -> list[dict[str, Any]]:
        """The impacts whose stated product or level contradicts the criteria."""
        return [row for row in self.rows if row["contradiction"]]

    def as_json(self) -> dict[str, Any]:
        """Return it as the command and the API tell it."""
        said = self.document.verdict
        return {
            "system": self.system.code,
            "assessment": self.standing.ref_code if self.standing else None,
            "verdict": self.verdict,
            "parties": [party.name for party in self.document.parties],
            "impacts": list(self.rows),
            "matched": [row for row in self.rows if not row["contradiction"]],
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
    faults = [*reading.faults, *_unknown_controls(reading)]
    if standing is not None and standing.state == AssessmentState.SUBMITTED:
        faults.append(Note(0, f"{standing.ref_code} is in review. Send it back before a file is taken in."))
    rows = tuple(_rows(reading, criteria))
    verdict = "refused" if faults else _verdict(reading.document, standing, is_open=is_open)
    notes = [*reading.notes, *_other_system(reading.head, system), *_decision(reading, verdict)]
    return Plan(reading, system, standing, verdict, in_order(faults), in_order(notes), rows)


def said_here(document: Document) -> Document:
    """Return a document without its decision, which no file takes."""
    return replace(document, verdict=Verdict())


def _verdict(document: Document, standing: Assessment | None, *, is_open: bool) -> str:
    if standing is None:
        return "added"
    if said_here(document_of(sheet_of(standing))) == said_here(document):
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


def _decision(reading: Reading, verdict: str) -> Iterator[Note]:
    said = reading.document.verdict
    if said.decision and verdict != "unchanged":
        by = f" by {said.approver}" if said.approver else ""
        words = f"The file says “{said.decision}”{by}. A decision is taken here, by an approver who did not write it."
        yield Note(0, words)


def _rows(reading: Reading, criteria: Criteria) -> Iterator[dict[str, Any]]:
    stated: dict[int, list[Stated]] = {}
    for one in reading.stated:
        stated.setdefault(one.number, []).append(one)
    for impact in reading.document.impacts:
        pair = (impact.likelihood, impact.severity)
        score = pair[0] * pair[1] if pair[0] and pair[1] else None
        band = str(criteria.band(pair[0], pair[1])) if pair[0] and pair[1] and impact.valence == "harm" else None
        claims = stated.get(impact.number, [])
        remains = (impact.residual_likelihood or pair[0], impact.residual_severity or pair[1])
        wrong = [one for one in claims if _is_wrong(one, pair if one.stage == "before" else remains, criteria)]
        before = [one for one in claims if one.stage == "before"]
        yield {
            "line": reading.line_of(impact.number),
            "id": str(impact.number),
            "description": impact.description,
            "level": impact.level,
            "valence": impact.valence,
            "likelihood": impact.likelihood,
            "severity": impact.severity,
            "score": score,
            "band": band,
            "residual_likelihood": impact.residual_likelihood,
            "residual_severity": impact.residual_severity,
            "stated": next((one.band or one.score for one in (*wrong, *before)), None),
            "contradiction": bool(wrong),
            "measures": [{"text": one.text, "control": one.control or None} for one in impact.measures],
        }


def _is_wrong(claim: Stated, pair: tuple[int | None, int | None], criteria: Criteria) -> bool:
    """Whether a stated product or level is not the one that the scores give."""
    if pair[0] is None or pair[1] is None:
        return False
    digits = "".join(sign for sign in claim.score.split("=")[-1] if sign.isdigit())
    if digits and int(digits) != pair[0] * pair[1]:
        return True
    rank = rank_of_words(claim.band)
    return rank is not None and BANDS[rank - 1] != str(criteria.band(pair[0], pair[1]))


def rank_of_words(text: str) -> int | None:
    """Return the rank of the words of a level, 1 (low) to 4 (severe); nothing where they name none."""
    words = text.casefold()
    if any(word in words for word in WORST):
        return 4
    return next((rank for word, rank in RANKS if word in words), None)
