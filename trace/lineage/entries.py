"""Rows of the statement as the lineage reads them, each with what differs per AI system."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from soa.models import Entry, EntrySystem
from systems.queries import SystemFacts, systems_in_scope
from trace.lineage.once import once


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in words, and what differs per system, by the row's key."""

    rows: tuple[Entry, ...]
    apart: Mapping[int, list[EntrySystem]]


@once
def rows_of(codes: frozenset[str]) -> Rows:
    """Return the rows of these controls; two queries."""
    return with_apart(Entry.objects.with_names().filter(requirement__code__in=codes))


def with_apart(rows: Iterable[Entry]) -> Rows:
    """Read what differs per system beside rows; one query."""
    apart: dict[int, list[EntrySystem]] = {}
    held = tuple(rows)
    for item in EntrySystem.objects.filter(entry__in=held).select_related("system"):
        apart.setdefault(item.entry_id, []).append(item)
    return Rows(held, apart)


@once
def in_scope() -> tuple[SystemFacts, ...]:
    """Return the systems in scope; one query."""
    return tuple(systems_in_scope())
