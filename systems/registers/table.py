"""A table as rows of text cells under headers, from CSV and its kin or from a workbook."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from systems.registers.decoding import NotATable
from systems.registers.delimited import read_delimited
from systems.registers.guessing import guessed, normal
from systems.registers.sheets import Line, Sheet
from systems.registers.workbook import read_workbook

MOST_BYTES = 64 * 1024 * 1024
LOOKED_AT = 25
FOREIGN = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "Excel (.xls)",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"{\\rtf": "RTF",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Headers, each different, and the rows below with the line each begins on; `repeats` are header rows again."""

    headers: tuple[str, ...]
    rows: tuple[Line, ...]
    repeats: tuple[int, ...]
    told: str
    left: tuple[str, ...] = ()


def read_table(data: bytes, named: Iterable[str] = ()) -> Table:
    """Read the table of a file, whatever its name says; `named` are headers it is known to have. Raises NotATable."""
    known = frozenset(map(normal, named))
    if len(data) > MOST_BYTES:
        raise NotATable(_("The file is larger than 64 MB."))
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotATable(_("The file is empty."))
    for mark, kind in FOREIGN.items():
        if data.startswith(mark):
            raise NotATable(_("This is a %s file. Save it as .xlsx or .csv and import that.") % kind)
    sheets = (
        read_workbook(data)
        if data.startswith(b"PK\x03\x04")
        else (read_delimited(data, partial(_telling, known=known)),)
    )
    sheets = tuple(sheet for sheet in sheets if any(any(line.cells) for line in sheet.lines))
    if not sheets:
        raise NotATable(_("The file holds no rows."))
    best = max(sheets, key=lambda sheet: (_telling(_top(sheet, known).cells, known), len(sheet.lines)))
    return _table(best, known, tuple(sheet.name for sheet in sheets if sheet is not best))


def _telling(cells: Sequence[str], known: frozenset[str]) -> int:
    """Count the cells that are headers of a register; a single one may be chance."""
    count = sum(normal(cell) in known or guessed(cell) is not None for cell in cells if cell)
    return count if count > 1 else 0


def _top(sheet: Sheet, known: frozenset[str]) -> Line:
    """Return the row that names the columns: registers often begin with a title or a note."""
    first = [line for line in sheet.lines if any(line.cells)][:LOOKED_AT]
    return max(first, key=lambda line: (min(_telling(line.cells, known), 3), _filled(line) > 1, -line.number))


def _filled(line: Line) -> int:
    return sum(bool(cell) for cell in line.cells)


def _table(sheet: Sheet, known: frozenset[str], left: tuple[str, ...]) -> Table:
    top = _top(sheet, known)
    below = [line for line in sheet.lines if line.number > top.number and any(line.cells)]
    width = max([len(top.cells), *(len(line.cells) for line in below)])
    headers = _numbered([*top.cells, *[""] * (width - len(top.cells))])
    repeats = {line.number for line in below if _repeats(line.cells, top.cells)}
    rows = tuple(line for line in below if line.number not in repeats)
    return Table(headers, rows, tuple(sorted(repeats)), sheet.told, left)


def _repeats(cells: Sequence[str], headers: Sequence[str]) -> bool:
    same = sum(bool(cell) and normal(cell) == normal(header) for cell, header in zip(cells, headers, strict=False))
    return same >= 2 and same * 10 >= sum(map(bool, headers)) * 6


def _numbered(cells: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: repeated ones are numbered, nameless ones told by their place."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = re.sub(r"\s+", " ", cell).strip() or _("Column %d") % place
        seen[name] += 1
        while (said := name if seen[name] == 1 else f"{name} ({seen[name]})") in names:
            seen[name] += 1
        names.append(said)
    return tuple(names)
