"""Rows of the tables in a Markdown file, by the line of the file; prose around them is not a row."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from soa.intake.raw import Cell, NotReadable, RawRow, RawSheet, row_of

MOST_CHARACTERS = 5_000_000
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")  # prose outside the tables is not looked into
_INLINE = MarkdownIt("commonmark")
MOST_ROWS = 20_000
_RULE = re.compile(r"^[ \t>]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def looks_like_markdown(text: str) -> bool:
    """Tell whether the text has the line of dashes and bars that stands under a table's heading."""
    return any("|" in rule[0] for rule in _RULE.finditer(text))


def read_markdown(text: str) -> tuple[RawSheet, ...]:
    """Read all tables as one sheet each; their headings are marked, since Markdown says which rows they are."""
    if len(text) > MOST_CHARACTERS:
        raise NotReadable(f"The file is larger than {MOST_CHARACTERS // 1_000_000} MB. Import the table alone.")
    tables: list[list[RawRow]] = []
    for row in _rows(text):
        if row is None:
            tables.append([])
        else:
            tables[-1].append(row)
    if sum(map(len, tables)) > MOST_ROWS:
        raise NotReadable(f"The file has more than {MOST_ROWS:,} rows. Import the statement alone.")
    return tuple(RawSheet("", tuple(rows)) for rows in tables)


def _rows(text: str) -> Iterator[RawRow | None]:
    """Yield the rows of all tables in one pass, and None where a table begins."""
    lines = re.split(r"\r\n|\r|\n", text)
    cells: list[Cell] = []
    is_head, at = False, 0
    for token in _BLOCKS.parse(text):
        if token.type == "table_open":
            yield None
        elif token.type == "tr_open":
            cells, at, is_head = [], (token.map or [0])[0], False
        elif token.type == "th_open":
            is_head = True
        elif token.type == "inline":
            cells.append(_plain(token.content))
        elif token.type == "tr_close":
            yield row_of(at + 1, [*cells, *_surplus(lines[at], len(cells))], is_head=is_head)


def _surplus(line: str, width: int) -> list[Cell]:
    """Return what a row holds beyond the columns of its heading: Markdown hides it, a record must not."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0].strip():
        cells.pop(0)
    return [cell.strip() for cell in cells[width:]]


def _plain(source: str) -> str:
    return "".join(_words(token) for block in _INLINE.parseInline(source) for token in block.children or ())


def _words(token: Token) -> str:
    if token.type == "html_inline":
        return "\n" if _BREAK.fullmatch(token.content) else ""
    return token.content if token.type in ("text", "code_inline", "image") else ""
