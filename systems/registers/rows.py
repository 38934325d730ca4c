"""Rows of a table to records: what a register does not say stays open, and what has no place stays under `register`."""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from systems.record.places import at
from systems.record.reading import Path
from systems.registers.guessing import is_unsaid, normal
from systems.registers.mapping import UNMAPPED, Columns
from systems.registers.placing import Unknown, converted, is_date, month_comes_first, put_in, rule_at
from systems.registers.sheets import Line
from systems.registers.table import Table

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONGEST_KEY = 90


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as a record, with what a person should look at."""

    line: int
    record: dict[str, Any]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is no system, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class _Keys:
    """Ids that are made from names: the same for the same rows, in whatever order others come and go."""

    taken: dict[str, int] = field(default_factory=dict)

    def key(self, line: int, given: str, record: dict[str, Any]) -> tuple[str, str]:
        stem = given if KEY.fullmatch(given) else slugify(given or record["name"])[:LONGEST_KEY].strip("-_") or "system"
        unit = slugify(str(record.get("unit") or ""))[:30].strip("-_")
        said = "|".join(str(record.get(name)) for name in ("name", "unit", "classification", "description"))
        print_ = sha256(said.encode()).hexdigest()[:6]
        tries = [stem, f"{stem[:60]}-{unit}" if unit else stem, f"{stem[:60]}-{print_}"]
        tries += [f"{stem[:60]}-{print_}-{number}" for number in range(2, len(self.taken) + 3)]
        key = next(each for each in tries if each.lower() not in self.taken)
        first = self.taken.get(stem.lower())
        self.taken[key.lower()] = line
        said = _("The row on line %(line)d is called the same; this one got the id %(key)s.")
        return key, "" if first is None else said % {"line": first, "key": key}


def entries_of(table: Table, columns: Columns) -> Iterator[Entry | Reject]:
    """Yield a record for every row, or why it is none."""
    rules = {path: rule_at(path) for path in columns.places.values()}
    order = {
        path: month_comes_first(_column(table, header))
        for header, path in columns.places.items()
        if is_date(rules[path])
    }
    keys = _Keys()
    for line in table.rows:
        row = _Row(table, columns, rules, order)
        row.take(line)
        if not str(row.record.get("name") or "").strip():
            yield Reject(line.number, _("There is no name in this row."))
            continue
        yield row.entry(line, keys)


def _column(table: Table, header: str) -> Iterator[str]:
    place = table.headers.index(header)
    return (line.cells[place] for line in table.rows if place < len(line.cells))


class _Row:
    def __init__(
        self, table: Table, columns: Columns, rules: dict[Path, dict[str, Any]], order: dict[Path, bool | None]
    ) -> None:
        self.table, self.columns, self.rules, self.order = table, columns, rules, order
        self.record: dict[str, Any] = {}
        self.register: dict[str, str] = {}
        self.remarks: list[str] = []
        self.given = ""

    def take(self, line: Line) -> None:
        for header, cell in zip(self.table.headers, line.cells, strict=False):
            if cell:
                self._cell(header, cell, self.columns.places.get(header))
        for path, value in self.columns.defaults.items():
            if at(self.record, *path) in (None, "", []):
                put_in(self.record, path, deepcopy(value))

    def _cell(self, header: str, cell: str, path: Path | None) -> None:
        words = self.columns.values.get(path, {}) if path else {}
        if path == ("id",) and not is_unsaid(cell):
            self.given = cell
        if path is None or (path != ("name",) and is_unsaid(cell) and normal(cell) not in words):
            self.register[header] = cell
            return
        rule = self.rules[path]
        try:
            value = None if path == ("id",) else converted(cell, path, rule, words, month_first=self.order.get(path))
        except Unknown as unknown:
            self.remarks.append(_("%(column)s: %(why)s; kept as it is.") % {"column": header[:60], "why": unknown})
            value = None
        if value is not None:
            put_in(self.record, path, value)
        if _is_told_otherwise(value, cell, path, self.given):
            self.register[header] = cell

    def entry(self, line: Line, keys: _Keys) -> Entry:
        key, remark = keys.key(line.number, self.given, self.record)
        if str(self.record["name"]).endswith("…"):
            self.remarks.append(_("The name is longer than 160 characters: it was cut, and is whole under register."))
        rest = {name: value for name, value in self.record.items() if name not in ("id", "name")}
        record = {"id": key, "name": self.record["name"], **rest}
        if self.register:
            record[UNMAPPED] = {**self.register, **(record.get(UNMAPPED) or {})}
        return Entry(line.number, record, (*([remark] if remark else []), *self.remarks))


def _is_told_otherwise(value: Any, cell: str, path: Path, given: str) -> bool:
    """Tell whether the record says less than the cell, or says it in other words."""
    if path == ("id",):
        return not KEY.fullmatch(given)
    return value is None or (isinstance(value, str) and normal(value) != normal(cell))


def gaps_of(records: list[dict[str, Any]], required: list[Path]) -> dict[str, int]:
    """Count how many records leave each required place open."""
    found = Counter(".".join(map(str, path)) for record in records for path in required if not at(record, *path))
    return dict(found.most_common())
