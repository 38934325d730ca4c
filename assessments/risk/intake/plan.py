"""The verdict on every row of a register, and how it is told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from aims.models import Criteria
from assessments.risk.intake.rows import Entry, Judged, Skipped, entries_of
from assessments.risk.intake.scores import Score
from assessments.risk.intake.tables import read_registers

VERDICTS = ("matched", "flagged", "rejected", "skipped")


@dataclass(frozen=True, slots=True)
class RiskPlan:
    """Every row of a file, in the order of the file."""

    rows: tuple[Entry | Skipped, ...]

    def of(self, verdict: str) -> tuple[Entry | Skipped, ...]:
        """Return the rows of one verdict."""
        return tuple(row for row in self.rows if verdict_on(row) == verdict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows that can come in."""
        return tuple(row for row in self.rows if isinstance(row, Entry) and not row.refusals)

    def as_json(self, codes: Mapping[int, str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """Tell every row under its verdict; `codes` are those of the risks by the place of their rows."""
        told = [(verdict_on(row), row_as_json(row, (codes or {}).get(at, ""))) for at, row in enumerate(self.rows)]
        return {verdict: [row for found, row in told if found == verdict] for verdict in VERDICTS}


def plan_of(data: bytes, name: str, criteria: Criteria) -> RiskPlan:
    """Judge every row of a file by the criteria; writes nothing. Raises NotATable."""
    rows = [row for register in read_registers(data, name) for row in entries_of(register, criteria)]
    return RiskPlan(tuple(_with_twins(sorted(rows, key=lambda row: row.line) if _is_one_sheet(rows) else rows)))


def _is_one_sheet(rows: list[Entry | Skipped]) -> bool:
    return len({row.sheet for row in rows}) < 2


def _with_twins(rows: list[Entry | Skipped]) -> Iterator[Entry | Skipped]:
    """Point out ids that stand twice; numbers that count the rows of each table anew are no ids."""
    first: dict[str, int] = {}
    counts = Counter(row.id for row in rows if isinstance(row, Entry) and not row.id.isdigit())
    for row in rows:
        if isinstance(row, Entry) and row.id and counts[row.id] > 1 and first.setdefault(row.id, row.line) != row.line:
            reason = _("Line %d has the same id.") % first[row.id]
            yield replace(row, reasons=(*row.reasons, reason))
        else:
            yield row


def verdict_on(row: Entry | Skipped) -> str:
    """Return the verdict on a row."""
    if isinstance(row, Skipped):
        return "skipped"
    return "rejected" if row.refusals else "flagged" if row.reasons else "matched"


def row_as_json(row: Entry | Skipped, code: str = "") -> dict[str, Any]:
    """Tell one row."""
    place: dict[str, Any] = {"line": row.line} | ({"sheet": row.sheet} if row.sheet else {})
    if isinstance(row, Skipped):
        return place | {"id": "", "text": row.words, "reason": row.reason}
    told = place | {"id": row.id, "title": row.title} | judged_as_json(row.before)
    told |= {"residual": judged_as_json(row.after)} if not _is_empty(row.after) else {}
    told |= {"option": row.option, "controls": list(row.controls), "reason": " ".join((*row.refusals, *row.reasons))}
    return told | ({"risk": code} if code else {})


def judged_as_json(found: Judged) -> dict[str, Any]:
    """Tell two scores, their product and band, and what the file states."""
    level = found.level
    return {
        "likelihood": _value(found.likelihood),
        "severity": _value(found.severity),
        "score": level.score if level else None,
        "band": level.band.value.capitalize() if level else None,
        "stated": found.stated.written or None,
        "stated_score": _number(found.stated.product),
        "contradiction": found.contradicts,
    }


def _value(score: Score) -> int | float | str | None:
    return score.raw if score.fault else score.value


def _number(value: float | None) -> int | float | None:
    return int(value) if value is not None and value.is_integer() else value


def _is_empty(found: Judged) -> bool:
    return (
        found.likelihood.is_missing
        and found.severity.is_missing
        and not found.stated.written
        and found.stated.product is None
    )
