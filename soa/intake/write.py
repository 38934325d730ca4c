"""A statement as a spreadsheet that no program runs as formulas, and that imports back to the same statement."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, TYPE_CHECKING, Any

from accounts.cells import RUNS, csv_bytes
from accounts.later import later
from soa.intake.plan import ImportedEntry

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.cell
    import openpyxl.styles
else:
    openpyxl = later("openpyxl")

LONGEST_CELL = 32_767  # characters: what a spreadsheet cell holds
_WIDTHS = (12, 44, 14, 60, 12, 20, 50, 36, 40, 26, 14, 14, 14, 24, 50)
_NOT_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x(?:00[01][0-9A-Fa-f]|005[Ff])_)")
_WORDS = {
    "undecided": "Undecided",
    "included": "Included",
    "excluded": "Excluded",
    "not_started": "Not started",
    "planned": "Planned",
    "partly": "Partly implemented",
    "implemented": "Implemented",
    "us": "Us",
    "shared": "Shared",
    "group": "Group",
    "provider": "Provider",
}
HEADINGS = (
    "Control ID",
    "Control title",
    "Applicability",
    "Justification",
    "Reason codes",
    "Implementation status",
    "How implemented",
    "Document",
    "Evidence",
    "Owner",
    "Review date",
    "Planned date",
    "Performed by",
    "Provider",
    "Notes",
)

Value = str | date | None


class NotWritable(ValueError):
    """A text does not fit the file; the message names the control and the column."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A control with its entry, in the vocabulary that an import speaks."""

    id: str
    title: str
    entry: ImportedEntry


def write_xlsx(rows: Iterable[ExportRow], stream: IO[bytes]) -> None:
    """Write a workbook; every text is stored as text. A text longer than a cell holds raises NotWritable."""
    lines = [[_fitting(row.id, at, value) for at, value in enumerate(_values(row))] for row in rows]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Statement of Applicability")
    sheet.freeze_panes = "C2"
    for letter, width in zip("ABCDEFGHIJKLMNO", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_heading(sheet, heading) for heading in HEADINGS])
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    book.save(stream)


def write_csv(rows: Iterable[ExportRow], stream: IO[bytes]) -> None:
    """Write UTF-8 with its mark, as spreadsheet programs expect; text they would run gets an apostrophe before it."""
    stream.write(csv_bytes([HEADINGS, *(tuple(_values(row)) for row in rows)]))


def _values(row: ExportRow) -> Iterator[Value]:
    entry = row.entry
    yield from (_holdable(row.id), _holdable(row.title), _WORDS[entry.applicability], _holdable(entry.why))
    yield from (", ".join(entry.reasons), _WORDS.get(entry.implementation, ""), _holdable(entry.how))
    yield from (_holdable(entry.document), _holdable("\n".join(entry.evidence)), _holdable(entry.owner))
    yield from (entry.review_on, entry.planned_on, _WORDS.get(entry.performed_by, ""))
    yield from (_holdable(entry.provider), _holdable(entry.notes))


def _holdable(text: str) -> str:
    """Leave out the control characters that neither XML nor a spreadsheet can hold."""
    return _NOT_TEXT.sub("", text)


def _heading(sheet: Any, text: str) -> Any:
    cell = openpyxl.cell.WriteOnlyCell(sheet, text)
    cell.font = openpyxl.styles.Font(bold=True)
    return cell


def _fitting(code: str, column: int, value: Value) -> Value:
    """Escape what a workbook would take for an escape; refuse what a cell cannot hold rather than cut it."""
    if not isinstance(value, str):
        return value
    escaped = _LOOKS_ESCAPED.sub("_x005F_", value)
    if len(escaped) > LONGEST_CELL:
        raise NotWritable(f"{code}, {HEADINGS[column]}: {len(value):,} characters; a cell holds {LONGEST_CELL:,}.")
    return escaped


def _cell(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str):
        cell = openpyxl.cell.WriteOnlyCell(sheet, datetime.combine(value, time()) if value else None)
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = openpyxl.cell.WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # whatever it begins with: never a formula, never an error value
    cell.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")
    cell.quotePrefix = bool(RUNS.match(value))  # nor when somebody edits it
    return cell
