"""The sections of a record as frozen shapes: what is said, what a control asks for in vain, what nobody knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from systems.record.places import at
from systems.record.reading import Path
from systems.record.schema import SERVES, dotted, unknown
from systems.sections.kinds import Kind, fits, is_nothing, kind_of
from systems.sections.layout import Group, Place, Section, groups_of, places_of_row, section_of, sections
from systems.sections.words import dated, flag, plainly, word

NAMES = ("name", "role", "party", "audience", "base_model")


@dataclass(frozen=True, slots=True)
class Control:
    """A control that asks for a field, and where the statement keeps it on its page."""

    code: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its label, what is said (nothing where nothing is), the controls it answers."""

    label: str
    text: str
    controls: tuple[Control, ...]
    values: tuple[str, ...] = ()
    is_long: bool = False
    is_required: bool = False

    @property
    def is_said(self) -> bool:
        """Whether anything is said."""
        return bool(self.text or self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, such as a data source."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one list, in their order."""

    label: str
    controls: tuple[Control, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one object under its heading; the fields of the section itself have none."""

    title: str
    hint: str
    controls: tuple[Control, ...]
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section as the page prints it; `unsaid` counts places that a control asks for, `missing` those required."""

    slug: str
    title: str | Promise
    blocks: tuple[Block, ...]
    strange: tuple[tuple[str, str], ...]
    said: int
    unsaid: int
    missing: int


def shown_sections(record: dict[str, Any]) -> tuple[SectionShown, ...]:
    """Return the sections of a record in their order; no query. Fields that no section knows stand in the last one."""
    strange: dict[str, list[Path]] = {}
    for path in unknown(record):
        section = section_of(path)
        strange.setdefault(section.slug if section else "", []).append(path)
    found = [_section(section, record, strange.get(section.slug, [])) for section in sections()]
    if "" in strange:
        found.append(SectionShown("strange", _("Other fields"), (), _told(record, strange[""]), 0, 0, 0))
    return tuple(found)


def missing_places(record: dict[str, Any]) -> list[Place]:
    """Return the places that the schema requires and nobody has said."""
    return [place for place in _required() if is_nothing(at(record, *place.path))]


@cache
def _required() -> tuple[Place, ...]:
    places = (place for section in sections() for group in groups_of(section) for place in group.places)
    return tuple(place for place in places if place.is_required)


def _section(section: Section, record: dict[str, Any], strange: list[Path]) -> SectionShown:
    blocks = tuple(block for group in groups_of(section) if (block := _block(group, record)))
    lines = [line for block in blocks for line in _lines_of(block)]
    tables = [table for block in blocks for table in block.tables]
    return SectionShown(
        slug=section.slug,
        title=section.title,
        blocks=blocks,
        strange=_told(record, strange),
        said=sum(line.is_said for line in lines) + sum(bool(table.rows) for table in tables),
        unsaid=sum(not line.is_said and not line.is_required for line in lines),
        missing=sum(not line.is_said and line.is_required for line in lines),
    )


def _lines_of(block: Block) -> Iterator[Line]:
    yield from block.lines
    for table in block.tables:
        for row in table.rows:
            yield from row.lines


def _block(group: Group, record: dict[str, Any]) -> Block | None:
    value = at(record, *group.path)
    lines, tables = [], []
    for place in group.places:
        said = at(value, place.path[-1])
        if kind_of(place.rule) == Kind.ROWS and said and fits(Kind.ROWS, said):
            tables.append(_table(place, said))
        elif line := _line(place, said):
            lines.append(line)
    if not lines and not tables and SERVES in group.rule and is_nothing(value):
        lines.append(Line(_("All of it"), "", ()))
    if not lines and not tables:
        return None
    title = str(group.rule.get("title", "")) if group.path else ""
    hint = group.rule.get("description", "") if group.path else ""
    return Block(title, hint, _controls(group.rule) if group.path else (), tuple(lines), tuple(tables))


def _line(place: Place, value: Any) -> Line | None:
    """Return a line for what is said, or not said though the schema or a control asks; else nothing."""
    controls = _controls(place.rule)
    if is_nothing(value):
        return Line(place.label, "", controls, is_required=place.is_required) if controls or place.is_required else None
    kind = kind_of(place.rule)
    if kind in (Kind.LINES, Kind.ANY_LINES) and isinstance(value, list) and value and fits(kind, value):
        return Line(place.label, "", controls, values=tuple(value))
    return Line(place.label, _text(kind, value, place.path), controls, is_long=kind == Kind.LONG)


def _text(kind: Kind, value: Any, path: Path) -> str:
    if value == []:
        return _("None")
    if not fits(kind, value):
        return plainly(value)
    match kind:
        case Kind.FLAG:
            return flag(value)
        case Kind.DATE:
            return dated(value)
        case Kind.CHOICE | Kind.WORD:
            return word(value, path)
        case Kind.WORDS:
            return ", ".join(word(each, path) for each in value)
    return str(value)


def _table(place: Place, rows: list[dict[str, Any]]) -> Table:
    places = _row_places(place.path)
    return Table(
        place.label, _controls(place.rule), tuple(_row(row, places, number) for number, row in enumerate(rows))
    )


def _row(row: dict[str, Any], places: tuple[Place, ...], number: int) -> Row:
    named = next((name for name in NAMES if isinstance(row.get(name), str) and row[name]), None)
    title = row[named] if named else _("Number %d") % number
    lines = (_line(place, row.get(str(place.path[0]))) for place in places if place.path[0] != named)
    return Row(title, tuple(line for line in lines if line))


@cache
def _row_places(path: Path) -> tuple[Place, ...]:
    places = (place for section in sections() for group in groups_of(section) for place in group.places)
    return places_of_row(next(place.rule for place in places if place.path == path))


def _controls(rule: dict[str, Any]) -> tuple[Control, ...]:
    return _as_controls(tuple(rule.get(SERVES, ())))


@cache
def _as_controls(codes: tuple[str, ...]) -> tuple[Control, ...]:
    return tuple(Control(code, code.lower().replace(".", "-")) for code in codes)


def _told(record: dict[str, Any], paths: list[Path]) -> tuple[tuple[str, str], ...]:
    return tuple((dotted(path), plainly(at(record, *path))) for path in paths)
