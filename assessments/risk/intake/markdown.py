"""Tables of a Markdown file by the line of the file, and risks written as cards: one label and value a line."""

import re
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from assessments.risk.intake.raw import Grid, NotATable, Row
from systems.registers.sheets import clean

MOST_CHARACTERS = 5_000_000
MOST_ROWS = 20_000
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_INLINE = MarkdownIt("commonmark")
_RULE = re.compile(r"^[ \t>]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?:[-*+]\s+)?\*\*(?P<label>[^*\n]{1,60}?)\s*:?\s*\*\*\s*:?\s*(?P<value>\S.*)$")
_PLAIN_LABEL = re.compile(r"^\s*[-*+]\s+(?P<label>[A-Za-zÀ-ÿ][^:|*\n]{1,50}?)\s*:\s+(?P<value>\S.*)$")
_HEADING = re.compile(
    r"^#{1,6}\s+(?:risk\s*(?:id)?\s*:?\s*)?(?P<id>[A-Za-z]{1,12}[-_.]?[0-9][\w.-]*)\s*"
    r"(?:[:.)|–—-]\s*(?P<title>.+?))?\s*#*$",  # noqa: RUF001
    re.IGNORECASE,
)


def looks_like_markdown(text: str) -> bool:
    """Tell whether the text has the line of dashes and bars that stands under a table's heading."""
    return any("|" in rule[0] for rule in _RULE.finditer(text))


def read_tables(text: str) -> tuple[Grid, ...]:
    """Read all tables, each with the row of its heading first."""
    if len(text) > MOST_CHARACTERS:
        raise NotATable(_("The file is larger than 5 MB. Import the register alone."))
    tables: list[list[Row]] = []
    for row in _rows(text):
        if row is None:
            tables.append([])
        else:
            tables[-1].append(row)
    if sum(map(len, tables)) > MOST_ROWS:
        raise NotATable(_("The file has more than %d rows.") % MOST_ROWS)
    return tuple(Grid("", tuple(rows), has_head=True) for rows in tables)


def read_labels(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield labels with their values by line: of lists such as “- **Likelihood:** 3”, ids and titles of headings."""
    fenced = False
    for line, words in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if words.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced:
            continue
        elif found := _HEADING.match(words):
            yield line, "Risk ID", found["id"]
            if found["title"]:
                yield line, "Risk title", _plain(found["title"])
        elif found := _LABEL.match(words) or _PLAIN_LABEL.match(words):
            yield line, _plain(found["label"]), _plain(found["value"])


def labels_of(tables: Iterable[Grid], is_head: Iterable[bool]) -> Iterator[tuple[int, str, str]]:
    """Yield labels with their values from tables that stand on their side: field and entry."""
    for table, _is in (pair for pair in zip(tables, is_head, strict=True) if pair[1]):
        for row in table.rows[1:]:
            if row.at(0):
                yield row.line, row.at(0), row.at(1)


def cards(labels: Iterable[tuple[int, str, str]], starts: frozenset[str], named: Callable[[str], str]) -> Grid | None:
    """Lay cards out as one table: a new one begins where a label that names a risk comes again with another value."""
    found: list[tuple[int, dict[str, str]]] = []
    for line, label, value in labels:
        key = named(label)
        if not found or (key in starts and found[-1][1].get(key, value) != value):
            found.append((line, {}))
        found[-1][1].setdefault(key, value)
    heads = tuple(dict.fromkeys(name for _line, card in found for name in card))
    rows = tuple(Row(line, tuple(card.get(head, "") for head in heads)) for line, card in found)
    return Grid("", (Row(0, heads), *rows), has_head=True) if rows else None


def _rows(text: str) -> Iterator[Row | None]:
    """Yield the rows of all tables in one pass, and None where a table begins."""
    lines = re.split(r"\r\n|\r|\n", text)
    cells: list[str] = []
    at = 0
    for token in _BLOCKS.parse(text):
        if token.type == "table_open":
            yield None
        elif token.type == "tr_open":
            cells, at = [], (token.map or [0])[0]
        elif token.type == "inline":
            cells.append(_plain(token.content))
        elif token.type == "tr_close":
            yield Row(at + 1, (*cells, *_surplus(lines[at], len(cells))))


def _surplus(line: str, width: int) -> list[str]:
    """Return what a row holds beyond the columns of its heading: Markdown hides it, a record must not."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0].strip():
        cells.pop(0)
    if cells and not cells[-1].strip():
        cells.pop()
    return [cell.strip() for cell in cells[width:]]


def _plain(source: str) -> str:
    return clean("".join(_words(token) for block in _INLINE.parseInline(source) for token in block.children or ()))


def _words(token: Token) -> str:
    if token.type == "html_inline":
        return "\n" if _BREAK.fullmatch(token.content) else ""
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type in ("text", "code_inline", "image") else ""
