"""Rows of cells as they stand in a file, every cell a text."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

MOST_ROWS = 50_000
MOST_COLUMNS = 500
_GUARDED = re.compile("\\A'[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True, slots=True)
class Line:
    """A row and the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file or of one sheet of a workbook; `told` says how it was read."""

    name: str
    lines: tuple[Line, ...]
    told: str


def clean(cell: str) -> str:
    """Return a cell without outer space and odd line ends, and without the apostrophe that guards against formulas."""
    said = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    return said[1:] if _GUARDED.match(said) else said


def text_of(value: Any) -> str:
    """Return the cell of a workbook as it is read by people: whole numbers without a point, days in ISO form."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case _:
            return clean(str(value))
