"""The registers in a file: tables whose headings name what the risks are, their likelihood and their severity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from assessments.risk.intake.columns import STAGED, Columns, columns_of
from assessments.risk.intake.headings import is_telling, meanings_of
from assessments.risk.intake.markdown import cards, labels_of, looks_like_markdown, read_labels, read_tables
from assessments.risk.intake.raw import Grid, NotATable, Row
from assessments.risk.intake.words import words
from assessments.risk.intake.workbook import read_workbook
from systems.registers.decoding import decode
from systems.registers.delimited import read_delimited
from systems.registers.guessing import normal
from systems.registers.table import FOREIGN

MOST_BYTES = 20 * 1024 * 1024
MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".txt"))
TABULAR = frozenset((".csv", ".tsv", ".tab"))
STAGES = {"": "inherent", "before": "inherent", "after": "residual", "target": "target"}
STARTS = frozenset(("Risk ID", "Risk title"))
NAMES = frozenset(("title", "risk title", "name", "risk name"))


@dataclass(frozen=True, slots=True)
class Register:
    """One table of risks: its columns, the rows below its heading, and the headings that come again."""

    sheet: str
    columns: Columns
    rows: tuple[Row, ...]
    repeats: frozenset[int]


def read_registers(data: bytes, name: str) -> tuple[Register, ...]:
    """Return the tables of risks of a file, those with scores if there are any; raises NotATable."""
    found = tuple(_in_grids(_grids(data, name)))
    scored = tuple(register for register in found if register.columns.is_scored)
    if scored:
        return scored
    laid_out = _cards(data, name)
    if laid_out:
        return laid_out
    if found:
        return found
    raise NotATable(_("The file holds no register of risks: no table names risks with likelihood and severity."))


def _grids(data: bytes, name: str) -> tuple[Grid, ...]:
    _refuse_foreign(data)
    if data.startswith(b"PK\x03\x04"):
        return read_workbook(data)
    suffix = PurePath(name).suffix.lower()
    text, _encoding = decode(data)
    if suffix not in TABULAR and looks_like_markdown(text):
        return read_tables(text)
    if suffix in MARKDOWN and "|" not in text and suffix != ".txt":
        return ()
    sheet = read_delimited(data, _telling)
    return (Grid("", tuple(Row(line.number, line.cells) for line in sheet.lines if any(line.cells))),)


def _refuse_foreign(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise NotATable(_("The file is larger than 20 MB."))
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotATable(_("The file is empty."))
    for mark, kind in FOREIGN.items():
        if data.startswith(mark):
            raise NotATable(_("This is a %s file. Save it as .xlsx or .csv and import that.") % kind)
    if data[:512].lstrip().lower().startswith((b"<!doctype html", b"<html", b"<?xml", b"<table")):
        raise NotATable(_("This is a web page or an XML file. Save it as .xlsx or .csv and import that."))


def _telling(cells: Sequence[str]) -> int:
    return sum(is_telling(cell) for cell in cells if cell)


def _cards(data: bytes, name: str) -> tuple[Register, ...]:
    """Read risks that a Markdown file tells as cards: lists of labels, or tables that stand on their side."""
    if data.startswith(b"PK\x03\x04") or PurePath(name).suffix.lower() in TABULAR:
        return ()
    text, _encoding = decode(data)
    tables = read_tables(text) if looks_like_markdown(text) else ()
    labels = [*labels_of(tables, map(_stands_on_its_side, tables)), *read_labels(text)]
    grid = cards(sorted(labels, key=lambda label: label[0]), STARTS, _card_label)
    if grid is None:
        return ()
    return tuple(register for register in _in_grids((grid,)) if register.columns.is_scored)


def _card_label(label: str) -> str:
    """Bring labels that mean the same to one form, so that cards fill the same columns."""
    meaning = next(iter(meanings_of(label)), None)
    if meaning is None:
        return label
    if meaning.field in STAGED:
        return f"{STAGES[meaning.stage]} {meaning.field}"
    if meaning.field == "id":
        return "Risk ID"
    return "Risk title" if meaning.field == "title" and normal(label) in NAMES else label


def _stands_on_its_side(table: Grid) -> bool:
    width = max(len(row.cells) for row in table.rows)
    head = normal(table.rows[0].at(0))
    if width not in (2, 3) or (head and head not in words("field_heads")):
        return False
    return sum(is_telling(row.at(0)) for row in table.rows[1:]) >= 2


def _in_grids(grids: Sequence[Grid]) -> Iterator[Register]:
    for grid in grids:
        if grid.rows:
            yield from _in_grid(grid)


def _in_grid(grid: Grid) -> Iterator[Register]:
    """Yield the registers of a sheet one below the other: each begins with its own heading."""
    heads = [(0, _Head(0, grid.rows[0].cells))] if grid.has_head else _heads(grid.rows)
    for place, (_first, head) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else len(grid.rows)
        below = grid.rows[head.last + 1 : end]
        repeats = frozenset(row.line for row in below if _repeats(row.cells, head.labels))
        body = [row for row in below if row.line not in repeats]
        width = max([len(head.labels), *(len(row.cells) for row in body)])
        columns = columns_of((*head.labels, *[""] * (width - len(head.labels))), body)
        if columns.is_scored or columns.is_worded:
            yield Register(grid.name, columns, tuple(below), repeats)


@dataclass(frozen=True, slots=True)
class _Head:
    """A heading of one row or two: the place of its last row, and the labels it gives."""

    last: int
    labels: tuple[str, ...]


def _heads(rows: Sequence[Row]) -> list[tuple[int, _Head]]:
    """Find the rows that head a register; a row of groups above one of names counts as one heading."""
    found: list[tuple[int, _Head]] = []
    for at, row in enumerate(rows):
        if found and at <= found[-1][1].last:
            continue
        single, double = _Head(at, row.cells), _doubled(rows, at)
        worth_single, worth_double = _worth(single.labels), _worth(double.labels) if double else 0
        if max(worth_single, worth_double) == 0:
            continue
        head = double if double and worth_double > worth_single else single
        if not found or not _repeats(head.labels, found[-1][1].labels):
            found.append((at, head))
    return found


def _doubled(rows: Sequence[Row], at: int) -> _Head | None:
    """Join a row with the one below: the group above stands before each name under it."""
    if at + 1 >= len(rows) or rows[at].filled < 2:
        return None
    upper, lower = rows[at], rows[at + 1]
    if any(cell.replace(".", "").isdigit() for cell in (*upper.cells, *lower.cells)):
        return None
    labels: list[str] = []
    group = ""
    for place in range(max(len(upper.cells), len(lower.cells))):
        above, below = upper.at(place), lower.at(place)
        group = above or (group if below else "")
        labels.append(below if group == below else f"{group} {below}".strip())
    return _Head(at + 1, tuple(labels)) if _worth(labels) > _worth(lower.cells) else None


def _worth(labels: Sequence[str]) -> int:
    """Count the different fields that a row of labels names; nought unless it heads a register."""
    if any(len(label) > 120 for label in labels):
        return 0
    fields = {(meaning.field, meaning.stage) for label in labels if label for meaning in meanings_of(label)[:1]}
    names = {name for name, _stage in fields}
    is_scored = {"likelihood", "severity"} <= names or "score" in names or "level" in names
    is_named = names & {"id", "title"} or {"likelihood", "severity"} <= names
    return len(fields) if is_scored and is_named and sum(map(bool, labels)) > 2 else 0


def _repeats(cells: Sequence[str], labels: Sequence[str]) -> bool:
    pairs = [(normal(cell), normal(label)) for cell, label in zip(cells, labels, strict=False) if label]
    same = sum(bool(cell) and cell == label for cell, label in pairs)
    return same >= 2 and same * 10 >= len(pairs) * 6
