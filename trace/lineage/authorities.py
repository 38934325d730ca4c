"""What stands behind each thing of a back-walk: its records, the memberships they were made under, and their grants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from aims.events import GRANTS
from trace.lineage.shapes import Edge, Node, Recorded
from trace.words import thin

Told = Mapping[str, tuple[tuple[str, Recorded], ...]]


@dataclass(slots=True)
class Authorities:
    """Records and memberships by reference, how far from the subject each stands, and the edges that lead there."""

    distances: dict[str, int]
    edges: list[Edge] = field(default_factory=list)
    records: dict[str, Recorded] = field(default_factory=dict)

    @classmethod
    def behind(cls, distances: Mapping[str, int], told: Told, read: Iterable[Recorded]) -> Self:
        """Follow the records of everything that a back-walk reached; records that wait for a number are no nodes."""
        found = cls(dict(distances))
        grants = {record.subject: record for record in read if record.event in GRANTS and record.ref}
        for ref, distance in distances.items():
            for relation, record in told.get(ref, ()):
                if record.ref:
                    found._follow(ref, distance, relation, record, grants)
        return found

    def _follow(self, ref: str, distance: int, relation: str, record: Recorded, grants: Mapping[str, Recorded]) -> None:
        if record.ref != ref:
            distance += 1
            self._reach(distance, Edge(ref, record.ref, relation))
        self.records[record.ref] = record
        if record.authority.membership is None:
            return
        membership = f"membership:{record.authority.membership}"
        self._reach(distance + 1, Edge(record.ref, membership, "acted_under"))
        if grant := grants.get(membership):
            self._reach(distance + 2, Edge(membership, grant.ref, "granted_by"))
            self.records[grant.ref] = grant

    def _reach(self, distance: int, edge: Edge) -> None:
        self.distances[edge.target] = min(distance, self.distances.get(edge.target, distance))
        if edge not in self.edges[-3:]:
            self.edges.append(edge)

    @property
    def in_order(self) -> tuple[str, ...]:
        """Everything, in order of distance; the subject comes first."""
        return tuple(sorted(self.distances, key=lambda ref: (self.distances[ref], ref)))

    @property
    def memberships(self) -> tuple[str, ...]:
        """The memberships that were acted under."""
        return tuple(ref for ref in self.distances if ref.startswith("membership:"))

    def grant_of(self, membership: str) -> Recorded | None:
        """The record that granted a membership, where it was read."""
        return next((record for record in self.records.values() if record.subject == membership), None)


def record_node(record: Recorded) -> Node:
    """A record as a node of its own."""
    about = (record.actor, f"{record.at.day} {record.at:%b %Y}")
    title = record.title[:1].upper() + record.title[1:]
    return Node(record.ref, record.kind, thin(record.number or 0), title, ", ".join(about), records=(record,))
