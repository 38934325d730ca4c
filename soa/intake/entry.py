"""One row's cells as a decision; whatever is not understood is kept in the notes, word for word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from soa.intake.dates import Order, read_day
from soa.intake.plan import ImportedEntry
from soa.intake.raw import Cell, RawRow
from soa.intake.table import Table
from soa.intake.values import (
    Applicability,
    Reading,
    day_in,
    decides,
    is_nothing,
    is_tick_or_no,
    is_ticked,
    read_applicability,
    read_implementation,
    read_names,
    read_performer,
    read_reasons,
    text_of,
)

DECISIONS = (
    "applicability",
    "excluded",
    "why",
    "why_included",
    "why_excluded",
    "reasons",
    "implementation",
    "how",
    "evidence",
    "document",
)
_REASONS_FOR = frozenset(f"reason_{code}" for code in ("RT", "IA", "LG", "CT", "IP", "BP", "OB"))
_IN_STEPS = {
    "implementation_partly": "partly",
    "implementation_planned": "planned",
    "implementation_not_started": "not_started",
}


@dataclass(slots=True)
class _Notes:
    """What goes to the entry's notes, and what the reader of the plan is told."""

    kept: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def keep(self, label: str, text: str) -> None:
        if text:
            self.kept.append(f"{label}: {text}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one table; the order of day and month is settled for whole columns."""

    table: Table
    known_on: date
    orders: Mapping[str, Order]

    def read(self, row: RawRow) -> tuple[ImportedEntry, tuple[str, ...]]:
        """Return the entry and the remarks on how its cells were taken."""
        notes = _Notes([text] if (text := text_of(self.table.cell(row, "notes"))) else [])
        applicability = self._applicability(row, notes)
        reasons, why = self._reasons(row, notes), self._why(row, applicability, notes)
        implementation = self._implementation(row, notes)
        planned_on = self._day(row, "planned_on", notes) or self._day_of_status(row, implementation)
        entry = ImportedEntry(
            applicability=applicability,
            why=why,
            reasons=reasons,
            implementation=implementation,
            how=self._text(row, "how"),
            document=self._document(row),
            evidence=self._evidence(row, notes),
            owner=" ".join(self._text(row, "owner").split()),
            review_on=self._day(row, "review_on", notes),
            planned_on=planned_on,
            performed_by=self._value(row, "performed_by", read_performer(self.table.cell(row, "performed_by")), notes),
            provider=" ".join(self._text(row, "provider").split()),
            notes="\n".join(
                [
                    *notes.kept,
                    *(f"{label}: {text_of(cell)}" for label, cell in self.table.unmapped(row) if text_of(cell)),
                ]
            ),
        )
        return entry, tuple(notes.told)

    def _text(self, row: RawRow, name: str) -> str:
        return text_of(self.table.cell(row, name))

    def _label(self, name: str) -> str:
        return self.table.label(self.table.fields[name])

    def _value(self, row: RawRow, name: str, reading: Reading, notes: _Notes) -> str:
        """Take a reading; where it leaves something unsaid, keep the cell's own words."""
        if reading.remark:
            notes.told.append(reading.remark)
            notes.keep(self._label(name), self._text(row, name))
        return reading.value

    def _applicability(self, row: RawRow, notes: _Notes) -> Applicability:
        votes: set[Applicability] = set()
        if "applicability" in self.table.fields:
            votes.add(self._main_vote(row, notes))
        if "excluded" in self.table.fields:
            votes.add(self._opposite_vote(row))
        votes.discard("undecided")
        if not votes:
            votes = {self._vote_by_status(row, notes) or self._vote_by_reason(row, notes)}
        if len(votes) > 1:
            notes.told.append("The row says both that the control applies and that it does not.")
            notes.kept.append("Marked both as applicable and as not applicable.")
            return "undecided"
        return votes.pop()

    def _main_vote(self, row: RawRow, notes: _Notes) -> Applicability:
        cell = self.table.cell(row, "applicability")
        if "excluded" in self.table.fields and is_ticked(cell):
            return "included"
        return _as_applicability(self._value(row, "applicability", read_applicability(cell), notes))

    def _opposite_vote(self, row: RawRow) -> Applicability:
        """Read a column `Excluded`: a tick, a yes or a reason leaves the control out."""
        cell = self.table.cell(row, "excluded")
        if not text_of(cell):
            return "undecided"
        if is_ticked(cell) or _says_excluded(cell):
            return "excluded"
        if is_tick_or_no(cell):
            return "included" if "applicability" not in self.table.fields else "undecided"
        return "excluded" if len(text_of(cell).split()) > 1 else "undecided"

    def _vote_by_status(self, row: RawRow, notes: _Notes) -> Applicability | None:
        """Take `Excluded` in a column of statuses for the decision, where no column is kept for it."""
        if self._has("applicability", "excluded") or not (decision := decides(self._text(row, "implementation"))):
            return None
        notes.told.append(f"“{self._text(row, 'implementation')}” read as {decision}.")
        return decision

    def _vote_by_reason(self, row: RawRow, notes: _Notes) -> Applicability:
        """Take a reason for exclusion as an exclusion, where no column holds the decision itself."""
        if self._has("applicability", "excluded"):
            return "undecided"
        for_it, against = (not _is_placeholder(self._text(row, name)) for name in ("why_included", "why_excluded"))
        for_it = for_it or any(
            is_ticked(self.table.cell(row, name)) for name in self.table.fields if name in _REASONS_FOR
        )
        if for_it == against:
            return "undecided"
        decision: Applicability = "included" if for_it else "excluded"
        notes.told.append(f"Read as {decision}, since only a reason for that is given.")
        return decision

    def _has(self, *names: str) -> bool:
        return any(name in self.table.fields for name in names)

    def _why(self, row: RawRow, applicability: Applicability, notes: _Notes) -> str:
        main = self._text(row, "why")
        sides: dict[Literal["included", "excluded"], str] = {
            "included": self._text(row, "why_included"),
            "excluded": self._text(row, "why_excluded") or self._exclusion_text(row),
        }
        texts = [main]
        for side, text in sides.items():
            if side == applicability or applicability == "undecided":
                texts.append(text)
            elif not _is_placeholder(text):
                notes.keep(f"Reason if {side}", text)
        return "\n".join(dict.fromkeys(text for text in texts if text))

    def _exclusion_text(self, row: RawRow) -> str:
        cell = self.table.cell(row, "excluded")
        is_text = not is_tick_or_no(cell) and not _says_excluded(cell)
        return text_of(cell) if is_text else ""

    def _reasons(self, row: RawRow, notes: _Notes) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for name in self.table.fields:
            if (
                name.startswith("reason_")
                and (text := self._text(row, name))
                and not _is_no(self.table.cell(row, name))
            ):
                codes[name.removeprefix("reason_")] = None
                notes.keep(self._label(name), "" if is_tick_or_no(self.table.cell(row, name)) else text)
        found, unknown = read_reasons(self.table.cell(row, "reasons"))
        if "reasons" not in self.table.fields and "why" in self.table.fields:
            in_why, prose = read_reasons(self.table.cell(row, "why"))
            found = in_why if not prose and self._text(row, "why").isupper() else ()
        elif unknown:
            notes.keep(self._label("reasons"), unknown)
        return tuple(dict.fromkeys([*codes, *found]))

    def _implementation(self, row: RawRow, notes: _Notes) -> str:
        steps = [
            step
            for name, step in _IN_STEPS.items()
            if name in self.table.fields and is_ticked(self.table.cell(row, name))
        ]
        cell = self.table.cell(row, "implementation")
        if "implementation" not in self.table.fields or not text_of(cell):
            return steps[0] if len(steps) == 1 else ""
        label = self._label("implementation")
        is_percent = "%" in label or "percent" in label.casefold() or "prozent" in label.casefold()
        return self._value(row, "implementation", read_implementation(cell, is_percent=is_percent), notes)

    def _day(self, row: RawRow, name: str, notes: _Notes) -> date | None:
        cell = self.table.cell(row, name)
        if name not in self.table.fields or not text_of(cell):
            return None
        day = read_day(cell, order=self.orders.get(name, "unknown"), known_on=self.known_on)
        if day.remark:
            notes.told.append(f"{self._label(name)}: {day.remark}")
        if day.on is None or day.remark:
            notes.keep(self._label(name), text_of(cell))
        return day.on

    def _day_of_status(self, row: RawRow, implementation: str) -> date | None:
        """Take the date from `Planned Q3 2026`, whose words are kept in the notes all the same."""
        text = day_in(self._text(row, "implementation")) if implementation == "planned" else ""
        return read_day(text, order="unknown", known_on=self.known_on).on if text else None

    def _document(self, row: RawRow) -> str:
        return "; ".join(read_names(self.table.cell(row, "document")))

    def _evidence(self, row: RawRow, notes: _Notes) -> tuple[str, ...]:
        names = read_names(self.table.cell(row, "evidence"))
        for name in filter(is_nothing, names):
            notes.keep(self._label("evidence"), name)
        return tuple(name for name in names if not is_nothing(name))


def _as_applicability(value: str) -> Applicability:
    return "included" if value == "included" else "excluded" if value == "excluded" else "undecided"


def _says_excluded(cell: Cell) -> bool:
    return not is_tick_or_no(cell) and read_applicability(cell).value == "excluded"


def _is_no(cell: Cell) -> bool:
    return is_tick_or_no(cell) and not is_ticked(cell)


def _is_placeholder(text: str) -> bool:
    return not text or is_nothing(text)
