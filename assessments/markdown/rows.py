"""Rows of a section, whether they are written as a table, a list or headings with labels below them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assessments.markdown.blocks import Item, Para, Part, Row, Table
from assessments.markdown.document import SCALE, Note
from assessments.markdown.escaping import plain
from assessments.markdown.words import only_level_of, truth_of

Naming = Callable[[str], str]
_LABEL = re.compile(
    r"^(?:\*\*|__)?(?P<label>[^:|*_]{1,60}?)(?:(?:\*\*|__)\s*[:–—]|:(?:\*\*|__)?)\s*(?P<value>.*)$", re.DOTALL
)
_DASHED = re.compile(r"^(?P<label>[A-Za-z]+(?: [A-Za-z]+){0,2}) [–—] (?P<value>.*)$", re.DOTALL)
_LED = re.compile(r"^(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?=\W|$)")
MOST_WORDS, MOST_TICKED = 7, 14
_TICK = re.compile(r"^\[(?P<mark>[ xX])\]\s+(?P<rest>.*)$", re.DOTALL)


@dataclass(slots=True)
class Said:
    """One row: its line, its words, the fields that were named, and a tick where there is a box."""

    line: int
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    tick: bool | None = None
    heading: str = ""
    is_table: bool = False

    def put(self, name: str, value: str, line: int) -> None:
        """Fill a field that is not filled yet."""
        if name and value and name not in self.fields:
            self.fields[name] = value
            self.lines[name] = line

    def line_of(self, name: str) -> int:
        """Return the line that fills a field."""
        return self.lines.get(name, self.line)


@dataclass(slots=True)
class Rows:
    """The rows of a section, and what is to be said of its lines."""

    rows: list[Said]
    faults: list[Note]
    notes: list[Note]
    named: set[str] = field(default_factory=set)


def label(text: str) -> tuple[str, str] | None:
    """Return the label and the value of `**Label:** value`, or nothing."""
    found = _LABEL.match(text.strip()) or _DASHED.match(text.strip())
    if found is None or (not text.strip().startswith(("**", "__")) and _is_prose(found["label"])):
        return None
    return found["label"].strip(), found["value"].strip()


def _is_prose(words: str) -> bool:
    """Whether what stands before a colon is a sentence rather than a label."""
    return ". " in words or ", " in words or len(words.split()) > MOST_WORDS


def rows_of(parts: list[Part], naming: Naming, main: str) -> Rows:
    """Read rows; `naming` says which field a column or label fills, `main` is the one that a row cannot do without."""
    found = Rows([], [], [])
    for part in parts:
        own = Said(part.line, text=plain(part.title), heading=plain(part.title)) if part.title else None
        if own is not None and _is_a_row(part, naming):
            _labelled(own, part, naming)
            found.rows.append(own)
            continue
        for block in part.blocks:
            if isinstance(block, Table):
                _of_table(found, block, naming, main, part.title)
            elif isinstance(block, Item):
                _of_item(found, block, naming, part.title)
            elif block.text != SCALE:
                found.notes.append(Note(block.line, f"Left out: {_short(block.text)}"))
    return found


def _is_a_row(part: Part, naming: Naming) -> bool:
    """Whether labels below a heading speak of one thing, such as `### Impact 1: …` with `- Likelihood: 3`."""
    lines = [re.sub(r"^\s*(?:[-*+]|[0-9]+[.)])\s+", "", line) for _number, line in part.body if line.strip()]
    if any(isinstance(block, Item) and not block.depth and not _is_named(block, naming) for block in part.blocks):
        return False
    named = [pair for pair in map(label, lines) if pair and naming(pair[0])]
    return part.level > 0 and bool(named) and not any(isinstance(block, Table) for block in part.blocks)


def _is_named(item: Item, naming: Naming) -> bool:
    pair = label(item.text)
    return pair is not None and bool(naming(pair[0]))


def _labelled(own: Said, part: Part, naming: Naming) -> None:
    for number, line in part.body:
        pair = label(re.sub(r"^\s*(?:[-*+]|[0-9]+[.)])\s+", "", line))
        if pair:
            own.put(naming(pair[0]), plain(pair[1]), number)
        elif line.strip():
            own.text = f"{own.text} {plain(line)}".strip() if not own.text else own.text


def _of_table(found: Rows, table: Table, naming: Naming, main: str, heading: str) -> None:
    if main == "name" and len(table.head) > 1 and all(only_level_of(cell) for cell in table.head):
        _of_levels(found, table)
        return
    names = [naming(cell) for cell in table.head]
    found.named |= set(names)
    if main not in names and not (set(names) - {""}):
        found.notes.append(Note(table.line, "Left out: no column of this table is known"))
        return
    found.notes += _columns_left_out(table, names)
    for row in table.rows:
        if len(row.cells) > len(names):
            words = f"This row holds {len(row.cells)} cells and the heading {len(names)}. Write a bar in a cell as \\|."
            found.faults.append(Note(row.line, words))
            continue
        said = _of_row(found, table, row, names, main)
        said.heading = plain(heading)
        if said.fields:
            found.rows.append(said)


def _of_row(found: Rows, table: Table, row: Row, names: list[str], main: str) -> Said:
    said = Said(row.line, is_table=True)
    for name, value, head in zip(names, row.cells, table.head, strict=False):
        if main == "description" and (level := _level_ticked(head, value)) is not None:
            said.put("level", level, row.line)
            continue
        if name in said.fields and plain(value) and name != "number":
            found.notes.append(Note(row.line, f"Left out: {_short(f'{head}: {value}')}"))
        said.put(name, plain(value), row.line)
    return said


def _level_ticked(head: str, value: str) -> str | None:
    """Return what a column headed by a level says of it by yes or no; None for any other column."""
    if (
        not only_level_of(head)
        or len(head) > MOST_TICKED
        or not re.fullmatch(r"[✓✔✅xX✗–-]|yes|no|", value, re.IGNORECASE)
    ):
        return None
    return head if truth_of(plain(value)) else ""


def _columns_left_out(table: Table, names: list[str]) -> list[Note]:
    lost = [plain(head) for at, head in enumerate(table.head) if not names[at] and _has_words(table, at)]
    return [Note(table.line, f"Left out: the columns {', '.join(lost)}")] if lost else []


def _has_words(table: Table, at: int) -> bool:
    return any(len(row.cells) > at and plain(row.cells[at]) for row in table.rows)


def _of_levels(found: Rows, table: Table) -> None:
    """Take a table with a column for each of individuals, groups and society."""
    for row in table.rows:
        for head, value in zip(table.head, row.cells, strict=False):
            if words := plain(value):
                fields = {"name": words, "kind": head}
                found.rows.append(Said(row.line, fields=fields, is_table=True))


def _of_item(found: Rows, item: Item, naming: Naming, heading: str) -> None:
    pair = label(item.text)
    name = naming(pair[0]) if pair else ""
    if item.depth > 0 and found.rows and pair and name:
        found.rows[-1].put(name, plain(pair[1]), item.line)
        return
    tick = _TICK.match(item.text)
    text = _LED.sub(r"\2", tick["rest"] if tick else item.text)
    said = Said(item.line, text=plain(text), heading=plain(heading), tick=tick["mark"] in "xX" if tick else None)
    if item.number:
        said.put("ordinal", item.number, item.line)
    found.rows.append(said)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def pairs_of(parts: list[Part]) -> Iterator[tuple[int, str, str]]:
    """Yield what is written as label and value: in a list, in a line by itself, or in a table of two columns."""
    for part in parts:
        for block in part.blocks:
            yield from _pairs_of_table(block) if isinstance(block, Table) else _pairs_of_lines(block)


def _pairs_of_table(table: Table) -> Iterator[tuple[int, str, str]]:
    for row in table.rows:
        if len(table.head) == len(row.cells) == 2:
            yield row.line, plain(row.cells[0]), row.cells[1]


def _pairs_of_lines(block: Item | Para) -> Iterator[tuple[int, str, str]]:
    for at, line in enumerate(block.text.split("\n")):
        if pair := label(line):
            yield block.line + at, *pair
