"""Rows of an .xlsx workbook: every sheet, hidden ones too, values as last calculated."""

import re
import struct
import warnings
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from accounts.later import later
from soa.intake.raw import Cell, NotReadable, RawRow, RawSheet, row_of
from soa.intake.slim import slim

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = later("openpyxl")

MOST_COLUMNS = 200
MOST_ROWS = 20_000
MOST_SHEETS = 100
BLANK_RUN = 5_000  # rows: after so many empty ones nothing more is looked for
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RecursionError, RuntimeError,
    SyntaxError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")


def read_workbook(data: bytes) -> tuple[RawSheet, ...]:
    """Read every sheet; what openpyxl cannot parse is told as one plain message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which hold no text
        try:
            return _open(data, styled=True)
        except NotReadable:
            raise
        except _BROKEN:
            return _open_plain(data)


def _open_plain(data: bytes) -> tuple[RawSheet, ...]:
    """Try again without the styles, over which openpyxl often stumbles; dates come as day numbers then."""
    try:
        return _open(data, styled=False)
    except NotReadable:
        raise
    except _BROKEN as broken:
        raise NotReadable("The workbook is damaged. Open it in a spreadsheet program and save it again.") from broken


def _open(data: bytes, *, styled: bool) -> tuple[RawSheet, ...]:
    book = openpyxl.load_workbook(slim(data, styled=styled), read_only=True, data_only=True, keep_links=False)
    return _read_sheets(book.worksheets, styled=styled)


def _read_sheets(sheets: list[Any], *, styled: bool) -> tuple[RawSheet, ...]:
    if len(sheets) > MOST_SHEETS:
        raise NotReadable(f"The workbook has more than {MOST_SHEETS} sheets. Import the statement alone.")
    return tuple(_read_sheet(sheet, styled=styled) for sheet in sheets)


def _read_sheet(sheet: Any, *, styled: bool) -> RawSheet:
    sheet.reset_dimensions()  # what a sheet claims of its size is often wrong both ways
    rows: list[RawRow] = []
    remarks: tuple[str, ...] = ()
    filled = 0
    for line, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        row = row_of(line, [_value(cell, styled=styled) for cell in cells])
        rows.append(row)
        if not row.is_blank:
            filled = line
        elif line - filled >= BLANK_RUN:
            remarks = (f"Not read below line {filled:,}: {BLANK_RUN:,} empty rows stand there.",)
            break
        if filled > MOST_ROWS:
            raise NotReadable(f"Sheet “{sheet.title}” has more than {MOST_ROWS:,} rows. Import the statement alone.")
    return RawSheet(str(sheet.title), tuple(rows[:filled]), remarks)


def _value(cell: Any, *, styled: bool) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _number(value, str(cell.number_format) if styled else "")
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return _unescape(str(value))


def _number(value: float, shown_as: str) -> Cell:
    if "%" in shown_as:
        return f"{round(value * 100, 2):g} %"
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _unescape(text: str) -> str:
    """Undo the way workbooks write control characters: _x000D_ ends a line, most others hold nothing."""
    return _ESCAPED.sub(lambda found: _unescaped(chr(int(found[1], 16))), text)


def _unescaped(mark: str) -> str:
    return mark if mark in "\t\n\r_" else ""
