"""Tables that leave: no spreadsheet program runs one of their cells (trust.md 2). Nothing else writes CSV."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.later import later

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.cell
else:
    openpyxl = later("openpyxl")

RUNS = re.compile(r"\A[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
LONGEST = 32_767
_NOT_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GUARDED = re.compile(r"\A'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def as_text(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula; an apostrophe that was there before gets another."""
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    return f"'{text}" if RUNS.match(text) or _GUARDED.match(text) else text


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, as spreadsheet programs expect, every cell as text."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([as_text(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(title: str, rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as one sheet of a workbook, every cell stored as text."""
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_cell(sheet, said) for said in row])
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, said: str) -> Any:
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=_NOT_TEXT.sub("", said)[:LONGEST])
    cell.data_type = "s"
    return cell
