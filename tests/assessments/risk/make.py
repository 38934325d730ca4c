"""Files that hold risk registers."""

import csv
import io
from typing import Any

from openpyxl import Workbook


def table(*rows: Any, mark: str = ",", encoding: str = "utf-8") -> bytes:
    """A delimited file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode(encoding)


def markdown(*rows: Any, before: str = "", after: str = "") -> bytes:
    """A table of Markdown with words around it; its heading stands on the line after those before."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join([*([before] if before else []), *lines, after]).encode()


def book(*rows: Any, merged: tuple[str, ...] = (), title: str = "Register") -> bytes:
    """A workbook with a sheet of notes before the register."""
    workbook, out = Workbook(), io.BytesIO()
    workbook.active.title = "Read me"
    workbook.active.append(["This workbook holds our register"])
    sheet = workbook.create_sheet(title)
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    workbook.save(out)
    return out.getvalue()
