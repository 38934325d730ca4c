"""How rows per AI system become one: included if any system includes, implemented to the least degree among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from soa.models import Applicability, Entry, EntrySystem, Implementation

ORDER = list(Implementation)


@dataclass(frozen=True, slots=True)
class Rolled:
    """A row's applicability and implementation over all systems in scope, and how many systems excluded it."""

    applicability: str
    implementation: str
    excluded_for: tuple[str, ...] = ()


def roll_up(entry: Entry, rows: Iterable[EntrySystem], systems: Sequence[int]) -> Rolled:
    """Roll a row up over the ids of the systems in scope; rows of systems out of scope do not count."""
    within = set(systems)
    mine = [row for row in rows if row.system_id in within]
    excluded = tuple(row.system.code for row in mine if row.applicability == Applicability.EXCLUDED)
    if entry.applicability != Applicability.INCLUDED:
        return Rolled(entry.applicability, entry.implementation)
    if not mine:
        return Rolled(Applicability.INCLUDED, entry.implementation)
    if len(excluded) == len(systems):
        return Rolled(Applicability.EXCLUDED, entry.implementation, excluded)
    said = {row.system_id: row.implementation for row in mine if row.applicability != Applicability.EXCLUDED}
    left_out = {row.system_id for row in mine if row.applicability == Applicability.EXCLUDED}
    degrees = [said.get(pk) or entry.implementation for pk in systems if pk not in left_out]
    least = min(set(degrees), key=lambda degree: ORDER.index(Implementation(degree)), default=entry.implementation)
    return Rolled(Applicability.INCLUDED, least, excluded)
