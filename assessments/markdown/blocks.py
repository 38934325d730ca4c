"""The pieces of a Markdown file by line: headings, tables, items and paragraphs; what is inside fences is text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.rules_block.table import escapedSplit

from assessments.markdown.escaping import unwrapped

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_ITEM = re.compile(r"^([ \t]*)(?:[-*+]|([0-9]{1,9})[.)])[ \t]+(.*)$")
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_COMMENT = re.compile(r"(?<!\\)<!--.*?-->", re.DOTALL)
_THEMATIC = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its line and its cells as written."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the line of its heading."""

    line: int
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, with what is indented below it."""

    line: int
    text: str
    depth: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """Lines of prose."""

    line: int
    text: str


Block = Table | Item | Para


@dataclass(slots=True)
class Part:
    """A heading and what stands below it up to the next one."""

    line: int
    level: int
    title: str
    body: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it as written, without blank lines around it."""
        return "\n".join(line for _number, line in self.body).strip("\n \t")

    @property
    def blocks(self) -> list[Block]:
        """Its tables, items and paragraphs."""
        return list(_blocks(self.body))


def uncommented(text: str) -> str:
    """Take comments out, and leave every line where it is."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def parts(lines: list[str], first: int = 1) -> list[Part]:
    """Cut lines at their headings; the first part is what stands above any heading."""
    found = [Part(first, 0, "")]
    fence = ""
    for number, line in enumerate(lines, start=first):
        mark = _FENCE.match(line)
        if mark is not None and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            found[-1].body.append((number, line))
            continue
        if fence:
            found[-1].body.append((number, line))
            continue
        heading = _HEADING.match(line)
        if heading is not None:
            found.append(Part(number, len(heading[1]), unwrapped((heading[2] or "").strip())))
        elif _UNDERLINE.match(line) and _is_title(found[-1]):
            above, title = found[-1].body.pop()
            found.append(Part(above, 1 if "=" in line else 2, unwrapped(title.strip())))
        else:
            found[-1].body.append((number, line))
    return found


def _is_title(part: Part) -> bool:
    """Whether the line above an underline is one line of words by itself."""
    if not part.body or not part.body[-1][1].strip():
        return False
    line = part.body[-1][1]
    alone = len(part.body) == 1 or not part.body[-2][1].strip()
    return alone and "|" not in line and _ITEM.match(line) is None and len(line) <= 100


def _blocks(body: list[tuple[int, str]]) -> Iterator[Block]:
    at = 0
    while at < len(body):
        number, line = body[at]
        if not line.strip() or _THEMATIC.match(line):
            at += 1
        elif at + 1 < len(body) and "|" in line and "-" in body[at + 1][1] and _RULE.match(body[at + 1][1]):
            end = at + 2
            while end < len(body) and "|" in body[end][1]:
                end += 1
            yield _table(body[at:end])
            at = end
        elif item := _ITEM.match(line):
            end = _end_of_text(body, at + 1)
            more = [each.strip() for _line, each in body[at + 1 : end]]
            depth = len(item[1].expandtabs(4)) // 2
            yield Item(number, " ".join([item[3].strip(), *more]).strip(), depth, item[2] or "")
            at = end
        else:
            end = _end_of_text(body, at + 1)
            yield Para(number, "\n".join(each.rstrip() for _line, each in body[at:end]).strip())
            at = end


def _end_of_text(body: list[tuple[int, str]], at: int) -> int:
    while at < len(body):
        line = body[at][1]
        is_table = "|" in line and at + 1 < len(body) and _RULE.match(body[at + 1][1]) is not None
        if not line.strip() or _ITEM.match(line) or is_table or _THEMATIC.match(line):
            break
        at += 1
    return at


def _table(lines: list[tuple[int, str]]) -> Table:
    (number, head), _rule, *rows = lines
    return Table(number, _cells(head), tuple(Row(line, _cells(text)) for line, text in rows))


def _cells(line: str) -> tuple[str, ...]:
    cells = [cell.strip() for cell in escapedSplit(line.strip())]
    if cells and not cells[0] and line.strip().startswith("|"):
        cells.pop(0)
    if cells and not cells[-1] and line.strip().endswith("|"):
        cells.pop()
    return tuple(cells)
