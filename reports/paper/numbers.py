"""The counts that the summary states; computed from the entries, never typed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.paper import words
from reports.paper.annex import codes_of
from reports.paper.statement import Entry, is_included
from reports.paper.tally import TallyRow


@dataclass(frozen=True, slots=True)
class Numbers:
    """Annex A and own controls apart; evidence by state."""

    annex: int
    applied: int
    own: int
    excluded: int
    undecided: int
    partial: int
    implemented: int
    proved: int
    nonconforming: int
    partly: int
    planned: int
    not_started: int
    undated: int
    evidence: dict[str, int]
    without_evidence: tuple[str, ...]
    not_expected: tuple[str, ...]


def numbers_of(body: dict[str, Any]) -> Numbers:
    """Count everything once."""
    entries: list[Entry] = body.get("entries") or []
    own = [e for e in entries if e.get("kind") == "own"]
    annex = [e for e in entries if e.get("kind") != "own"]
    states = {item["code"]: words.evidence_state(item.get("state") or "") for item in body.get("evidence") or []}
    included = [e for e in entries if is_included(e)]
    blocks = [block_of(e) for e in included]
    kinds = [e.get("implementation") for e in included]
    return Numbers(
        annex=len(annex),
        applied=sum(map(is_included, annex)),
        own=sum(map(is_included, own)),
        excluded=sum(e.get("applicability") == "excluded" for e in entries),
        undecided=sum(e.get("applicability") not in ("included", "excluded") for e in entries),
        partial=sum(any(row.get("applicability") == "excluded" for row in e.get("per_system") or []) for e in included),
        implemented=kinds.count("implemented"),
        proved=blocks.count("proved"),
        nonconforming=sum(e.get("effectiveness") == "nonconforming" for e in included),
        partly=kinds.count("partly"),
        planned=kinds.count("planned"),
        not_started=len(kinds) - kinds.count("implemented") - kinds.count("partly") - kinds.count("planned"),
        undated=sum(e.get("implementation") == "planned" and not e.get("planned_on") for e in included),
        evidence={state: list(states.values()).count(state) for state in words.EVIDENCE_STATES},
        without_evidence=tuple(e["code"] for e in included if e.get("expects_evidence", True) and not codes_of(e)),
        not_expected=tuple(e["code"] for e in included if not e.get("expects_evidence", True)),
    )


def block_of(entry: Entry) -> str:
    """Return how the readiness figure shows an entry."""
    if entry.get("applicability") == "excluded":
        return "excluded"
    if not is_included(entry):
        return "undecided"
    if entry.get("effectiveness") == "nonconforming":
        return "nonconforming"
    if entry.get("implementation") == "implemented":
        state = words.evidence_state(entry.get("evidence_state") or "")
        return "proved" if state in ("current", "due") and codes_of(entry) else "unproved"
    return "partly" if entry.get("implementation") == "partly" else "planned"


def tally_rows(body: dict[str, Any]) -> list[TallyRow]:
    """Return the rows of the readiness figure: the nine areas, then own controls."""
    entries: list[Entry] = body.get("entries") or []
    areas = [(area["code"], area["title"]) for area in body.get("areas") or []]
    rows = [_tally(code, title, [e for e in entries if e.get("area") == code]) for code, title in areas]
    own = [e for e in entries if e.get("area") not in dict(areas)]
    return [row for row in [*rows, _tally("", _("Own controls"), own)] if row.blocks]


def _tally(code: str, title: str, entries: list[Entry]) -> TallyRow:
    blocks = tuple(block_of(e) for e in entries)
    included = [e for e in entries if is_included(e)]
    done = sum(e.get("implementation") == "implemented" for e in included)
    return TallyRow(code, title, blocks, len(included), done, blocks.count("proved"))
