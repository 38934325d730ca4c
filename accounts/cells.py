"""Tables that leave: no spreadsheet program runs one of their cells (trust.md 2). Nothing else writes CSV."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date

RUNS = re.compile(r"\A[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
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
