"""What an import would do, before it does anything: every row of the file with its verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypedDict

from soa.intake.values import Applicability

Verdict = Literal["matched", "flagged", "rejected", "skipped"]
VERDICTS: tuple[Verdict, ...] = ("matched", "flagged", "rejected", "skipped")


@dataclass(frozen=True, slots=True)
class ImportedEntry:
    """One row's decision in our vocabulary. Texts are the file's own; what no field takes is in `notes`."""

    applicability: Applicability = "undecided"
    why: str = ""
    reasons: tuple[str, ...] = ()
    implementation: str = ""
    how: str = ""
    document: str = ""
    evidence: tuple[str, ...] = ()
    owner: str = ""
    review_on: date | None = None
    planned_on: date | None = None
    performed_by: str = ""
    provider: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One physical row with its verdict. A flagged row keeps its entry: a person may take it all the same."""

    line: int
    sheet: str
    verdict: Verdict
    id: str
    title: str
    reason: str = ""
    notes: tuple[str, ...] = ()
    entry: ImportedEntry | None = None
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetRead:
    """How one sheet was understood: the heading taken for each field, and what to know about the reading."""

    name: str
    rows: int
    columns: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class RowJson(TypedDict):
    """A row as the command prints it."""

    line: int
    id: str
    title: str
    reason: str


class PlanJson(TypedDict):
    """The one object the command prints."""

    matched: list[RowJson]
    flagged: list[RowJson]
    rejected: list[RowJson]
    skipped: list[RowJson]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row of the file, in its order; and the Annex A controls for which it has no row."""

    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    sheets: tuple[SheetRead, ...] = ()

    def of(self, verdict: Verdict) -> tuple[Row, ...]:
        """Return the rows with one verdict."""
        return tuple(row for row in self.rows if row.verdict == verdict)

    def as_json(self) -> PlanJson:
        """Return the plan as the command prints it."""
        return {
            "matched": _json(self.of("matched")),
            "flagged": _json(self.of("flagged")),
            "rejected": _json(self.of("rejected")),
            "skipped": _json(self.of("skipped")),
            "missing": list(self.missing),
        }


def _json(rows: tuple[Row, ...]) -> list[RowJson]:
    return [{"line": row.line, "id": row.id, "title": row.title, "reason": row.reason} for row in rows]
