"""Any file to numbered rows: the one place that knows which reader reads what."""

from collections.abc import Callable
from pathlib import PurePath

from soa.intake.delimited import read_delimited
from soa.intake.markdown import looks_like_markdown, read_markdown
from soa.intake.raw import NotReadable, RawSheet
from soa.intake.sniff import kind_of
from soa.intake.text import decode
from soa.intake.workbook import read_workbook

_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_TABULAR_NAMES = frozenset({".csv", ".tsv", ".tab"})


def read_sheets(data: bytes, filename: str, *, is_telling: Callable[[str], bool]) -> tuple[RawSheet, ...]:
    """Read the rows of a workbook, a delimited file or Markdown; raise NotReadable where there is no table at all."""
    if kind_of(data) == "workbook":
        return _with_rows(read_workbook(data))
    return _with_rows(_read_text(decode(data), PurePath(filename).suffix.lower(), is_telling))


def _read_text(text: str, suffix: str, is_telling: Callable[[str], bool]) -> tuple[RawSheet, ...]:
    if _is_markdown(text, suffix) and (tables := read_markdown(text)):
        return tables
    if suffix in _MARKDOWN_NAMES and "|" not in text:
        raise NotReadable("The Markdown file holds no table.")
    hint = "\t" if suffix in (".tsv", ".tab") else ","
    return (read_delimited(text, hint=hint, is_telling=is_telling),)


def _is_markdown(text: str, suffix: str) -> bool:
    if suffix in _TABULAR_NAMES:  # a cell of a CSV may quote a Markdown table
        filled = [line for line in text.splitlines() if line.strip()]
        return looks_like_markdown(text) and sum("|" in line for line in filled) * 2 >= len(filled)
    return looks_like_markdown(text)


def _with_rows(sheets: tuple[RawSheet, ...]) -> tuple[RawSheet, ...]:
    filled = tuple(sheet for sheet in sheets if any(row.cells for row in sheet.rows))
    if not filled:
        raise NotReadable("The file holds no rows.")
    return filled
