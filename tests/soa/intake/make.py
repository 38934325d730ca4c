"""What the intake tests start from: the shipped catalogue, and files made in memory."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from ruamel.yaml import YAML

from soa.intake.catalogue import Catalogue, CatalogueControl
from soa.intake.plan import ImportedEntry, Plan, Row
from soa.intake.read import read_statement

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 21)


@cache
def a_catalogue(*, own: tuple[tuple[str, str], ...] = ()) -> Catalogue:
    """Build the catalogue from the shipped file, as the loader does."""
    rows = YAML(typ="safe").load(ROOT / "fixtures" / "catalogue" / "iso42001.yaml")["requirements"]
    controls = [
        CatalogueControl(row["code"], row["title"], row.get("titles") or {}, row.get("also_called") or ())
        for row in rows
        if row["kind"] == "control"
    ]
    areas = {row["code"]: row["title"] for row in rows if row["kind"] == "area"}
    clauses = {row["code"]: row["title"] for row in rows if row["kind"] == "clause"}
    return Catalogue(controls, areas, clauses, dict(own))


def titles() -> dict[str, str]:
    """Return the titles of the controls by code."""
    return {control.code: control.title for control in a_catalogue().controls}


def a_plan(data: bytes | str, name: str = "soa.csv", *, catalogue: Catalogue | None = None) -> Plan:
    """Read a file given as bytes or text."""
    raw = data.encode() if isinstance(data, str) else data
    return read_statement(raw, name, catalogue or a_catalogue(), known_on=TODAY)


def a_workbook(*sheets: tuple[str, Iterable[Sequence[Any]]]) -> bytes:
    """Write sheets of rows as .xlsx."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_sheet(*rows: Sequence[Any]) -> Plan:
    """Read one sheet given as rows."""
    return a_plan(a_workbook(("SoA", rows)), "soa.xlsx")


def only(plan: Plan) -> Row:
    """Return the one row that is not skipped."""
    (row,) = [row for row in plan.rows if row.verdict != "skipped"]
    return row


def entry(headings: Sequence[Any], *cells: Any, code: str = "A.2.2") -> ImportedEntry:
    """Return the entry of one row for a control, under the headings that follow id and title."""
    row = only(a_sheet(["Control ID", "Title", *headings], [code, titles()[code], *cells]))
    assert row.entry is not None
    return row.entry


def verdicts(plan: Plan) -> list[tuple[str, str]]:
    """Return verdict and id of every row, in order."""
    return [(row.verdict, row.id) for row in plan.rows]
