"""What importing a register would do: row by row against the registry, and nothing is written."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from systems.models import AiSystem
from systems.record.differences import Difference, differences
from systems.record.reading import Path
from systems.record.schema import dotted, schema, wrong_places
from systems.registers.mapping import UNMAPPED, Columns, NotAMapping, Words, columns_for
from systems.registers.rows import Entry, Reject, entries_of, gaps_of
from systems.registers.table import Table

VERDICTS = ("added", "changed", "unchanged")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of a register as the registry will have it."""

    verdict: str
    line: int
    record: dict[str, Any]
    system: AiSystem | None = None
    places: tuple[Difference, ...] = ()
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The row as commands and the API print it."""
        told: dict[str, Any] = {"line": self.line, "id": self.record["id"], "name": self.record["name"]}
        if self.system:
            told["system"] = self.system.code
        if self.places:
            told["changes"] = [
                {"place": dotted(each.path), "old": each.before, "new": each.after} for each in self.places
            ]
        return told


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything about one file: its rows, those refused, what its columns fill, and what nobody said."""

    rows: tuple[ImportRow, ...]
    rejected: tuple[Reject, ...]
    headers: tuple[str, ...]
    columns: Columns
    skipped: tuple[int, ...] = ()
    left: tuple[str, ...] = ()
    told: str = ""

    def of(self, verdict: str) -> tuple[ImportRow, ...]:
        """The rows with this verdict."""
        return tuple(row for row in self.rows if row.verdict == verdict)

    @property
    def flagged(self) -> tuple[ImportRow, ...]:
        """The rows that a person should look at; they are taken all the same."""
        return tuple(row for row in self.rows if row.remarks)

    @property
    def gaps(self) -> dict[str, int]:
        """How many of the rows leave each required place open."""
        return gaps_of([row.record for row in self.rows], required_places())

    def as_json(self) -> dict[str, Any]:
        """The plan as commands and the API print it."""
        told: dict[str, Any] = {verdict: [row.as_json() for row in self.of(verdict)] for verdict in VERDICTS}
        told["flagged"] = [
            {"line": row.line, "id": row.record["id"], "reason": " ".join(row.remarks)} for row in self.flagged
        ]
        told["rejected"] = [{"line": each.line, "reason": each.reason} for each in self.rejected]
        told["columns"] = self.columns.as_json(self.headers)
        return told | {
            "gaps": self.gaps,
            "skipped": list(self.skipped),
            "sheets_left": list(self.left),
            "read_as": self.told,
        }


def required_places() -> list[Path]:
    """Return the places that every record needs, in the order of the schema."""
    found: list[Path] = []
    for name in schema()["required"]:
        inner = schema()["properties"][name].get("required", [])
        found += [(name, each) for each in inner] or [(name,)]
    return found


def plan_import(table: Table, words: Words) -> ImportPlan:
    """Judge every row of a table; one query, however many there are. Raises NotAMapping."""
    columns = columns_for(table.headers, words)
    if ("name",) not in columns.places.values():
        raise NotAMapping(_("No column is known to hold the names of systems. Say which one with a mapping."))
    systems = {row.key.lower(): row for row in AiSystem.objects.all()}
    rows: list[ImportRow] = []
    rejected: list[Reject] = []
    for each in entries_of(table, columns):
        found = each if isinstance(each, Reject) else _judged(each, systems, table.headers)
        (rejected if isinstance(found, Reject) else rows).append(found)  # type: ignore[arg-type]
    return ImportPlan(tuple(rows), tuple(rejected), table.headers, columns, table.repeats, table.left, table.told)


def _judged(entry: Entry, systems: dict[str, AiSystem], headers: Sequence[str]) -> ImportRow | Reject:
    system = systems.get(str(entry.record["id"]).lower())
    if wrong := wrong_places(entry.record):
        return Reject(entry.line, " ".join(fault.words for fault in wrong[:3]))
    if system is None:
        return ImportRow("added", entry.line, entry.record, remarks=entry.remarks)
    merged, remarks = _merged(entry.record, system, headers)
    places = differences(system.record, merged)
    verdict = "changed" if places else "unchanged"
    return ImportRow(verdict, entry.line, merged, system, tuple(places), (*entry.remarks, *remarks))


def _merged(said: dict[str, Any], system: AiSystem, headers: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Put what the register says over what the registry holds; where others wrote the record it only fills gaps."""
    merged, is_ours = deepcopy(system.record), UNMAPPED in system.record
    remarks = [] if is_ours else [_("%s did not come from a register: only gaps were filled.") % system.code]
    for name, value in said.items():
        if name not in ("id", UNMAPPED):
            merged[name] = _over(merged.get(name), value, is_ours=is_ours)
    before = merged.get(UNMAPPED)
    kept = {name: value for name, value in before.items() if name not in headers} if isinstance(before, dict) else {}
    if register := kept | said.get(UNMAPPED, {}):
        merged[UNMAPPED] = register
    else:
        merged.pop(UNMAPPED, None)
    return merged, remarks


def _over(before: Any, said: Any, *, is_ours: bool) -> Any:
    if isinstance(before, dict) and isinstance(said, dict):
        return before | {name: _over(before.get(name), value, is_ours=is_ours) for name, value in said.items()}
    if isinstance(before, list) and isinstance(said, list) and before and isinstance(before[0], dict):
        rows = [_over(old, new, is_ours=is_ours) for old, new in zip(before, said, strict=False)]
        return rows + before[len(said) :] + said[len(before) :]
    return said if is_ours or before in (None, "", [], {}) else before
