"""Rows of an .xlsx workbook: merged cells filled in, values as last calculated, missing products calculated."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.later import later
from assessments.risk.intake.raw import Grid, NotATable, Row
from systems.registers.sheets import text_of

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = later("openpyxl")

MOST_SHEETS = 60
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_UNPACKED = 64 * 1024 * 1024
BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RecursionError, RuntimeError,
    SyntaxError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_TIMES = re.compile(r"\A=\s*\(?\s*\$?([A-Z]{1,3})\$?(\d+)\s*\*\s*\$?([A-Z]{1,3})\$?(\d+)\s*\)?\s*\Z", re.IGNORECASE)
_PRODUCT = re.compile(
    r"\A=\s*PRODUCT\(\s*\$?([A-Z]{1,3})\$?(\d+)\s*[:,;]\s*\$?([A-Z]{1,3})\$?(\d+)\s*\)\s*\Z", re.IGNORECASE
)


def read_workbook(data: bytes) -> tuple[Grid, ...]:
    """Read every sheet; what cannot be read is told as one plain message."""
    try:
        _refuse_bomb(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which hold no text
            formulas = _opened(data, values=False)
            values = _opened(data, values=True)
            return tuple(
                _grid(formulas[name], values[name])
                for name in list(formulas.sheetnames)[:MOST_SHEETS]
                if _has_cells(formulas[name])
            )
    except BROKEN as broken:
        raise NotATable(_("The workbook is damaged. Open it in a spreadsheet program and save it again.")) from broken


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if any(name.startswith("word/") for name in names):
            raise NotATable(_("This is a Word document. Copy its table into a spreadsheet and save that as .xlsx."))
        if "[Content_Types].xml" not in names:
            raise NotATable(_("This is a ZIP archive and no workbook."))
        cells = [
            part.file_size
            for part in archive.infolist()
            if part.filename.startswith("xl/") and "media/" not in part.filename
        ]
        if sum(cells) > MOST_UNPACKED:
            raise NotATable(_("The workbook is far larger than a register can be. Copy the table into a new workbook."))


def _opened(data: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values, keep_links=False)


def _has_cells(sheet: Any) -> bool:
    return hasattr(sheet, "iter_rows")  # a sheet of charts has none


def _grid(formulas: Any, values: Any) -> Grid:
    spread = _spread(formulas)
    rows: list[Row] = []
    last = min(formulas.max_row or 0, 1_048_576)
    wide = min(formulas.max_column or 0, MOST_COLUMNS)
    if last > MOST_ROWS and sum(1 for _row in _filled_rows(formulas)) > MOST_ROWS:
        raise NotATable(_("The sheet has more than %d rows.") % MOST_ROWS)
    for line in _filled_rows(formulas):
        sources = [spread.get((line, column), (line, column)) for column in range(1, wide + 1)]
        cells = [text_of(_value(formulas, values, *source)) for source in sources]
        while cells and not cells[-1]:
            cells.pop()
        merged = frozenset(at for at, source in enumerate(sources[: len(cells)]) if source != (line, at + 1))
        if cells:
            rows.append(Row(line, tuple(cells), merged))
    return Grid(str(formulas.title), tuple(rows))


def _filled_rows(sheet: Any) -> Iterator[int]:
    """Yield the rows in which a cell holds something or lies in a merged one."""
    held = {row for (row, _column), cell in sheet._cells.items() if cell.value is not None}
    return iter(sorted(held))


def _spread(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Say for each cell inside a merged one which cell speaks for it; very large ones are decoration."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in sheet.merged_cells.ranges:
        if merge.size["rows"] * merge.size["columns"] > MOST_ROWS:
            continue
        for row in range(merge.min_row, merge.max_row + 1):
            for column in range(merge.min_col, merge.max_col + 1):
                found[row, column] = (merge.min_row, merge.min_col)
    return found


def _value(formulas: Any, values: Any, row: int, column: int) -> Any:
    """Return what a cell shows; a product that no spreadsheet program has calculated yet is calculated here."""
    shown = values.cell(row, column).value
    if shown is not None:
        return shown
    formula = formulas.cell(row, column).value
    if not isinstance(formula, str):
        return None
    found = _TIMES.match(formula) or _PRODUCT.match(formula)
    if found is None:
        return None
    factors = [values[f"{found[1]}{found[2]}"].value, values[f"{found[3]}{found[4]}"].value]
    return factors[0] * factors[1] if all(isinstance(factor, int | float) for factor in factors) else None
