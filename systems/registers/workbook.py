"""Rows of an .xlsx workbook: every sheet, values as last calculated, read row by row."""

import io
import struct
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.later import later
from systems.registers.decoding import NotATable
from systems.registers.sheets import MOST_COLUMNS, MOST_ROWS, Line, Sheet, text_of

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = later("openpyxl")

MOST_SHEETS = 60
MOST_UNPACKED = 256 * 1024 * 1024
BLANK_RUN = 5_000
BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RecursionError, RuntimeError,
    SyntaxError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Read every sheet; what cannot be read is told as one plain message."""
    try:
        _refuse_bomb(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which hold no text
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            return tuple(_sheet(sheet) for sheet in book.worksheets[:MOST_SHEETS])
    except BROKEN as broken:
        raise NotATable(_("The workbook is damaged. Open it in a spreadsheet program and save it again.")) from broken


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "[Content_Types].xml" not in archive.namelist():
            raise NotATable(_("This is a ZIP archive and no workbook."))
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise NotATable(_("The workbook unpacks to more than 256 MB."))


def _sheet(sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # what a sheet claims of its size is often wrong both ways
    lines: list[Line] = []
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        said = tuple(text_of(cell) for cell in cells)
        if any(said):
            lines.append(Line(number, said))
            filled = number
        elif number - filled >= BLANK_RUN:
            break
        if len(lines) > MOST_ROWS:
            raise NotATable(_("The sheet has more than %d rows.") % MOST_ROWS)
    return Sheet(str(sheet.title), tuple(_trimmed(lines)), f"sheet {sheet.title}")


def _trimmed(lines: list[Line]) -> list[Line]:
    """Cut off the columns that are empty in every row."""
    width = max((place for line in lines for place, cell in enumerate(line.cells, start=1) if cell), default=0)
    return [Line(line.number, line.cells[:width]) for line in lines]
