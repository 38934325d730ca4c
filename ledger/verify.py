"""Recompute a log from its records: every leaf, every number, the root (RFC 9162)."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.guards import missing
from ledger.merkle import Frontier, leaf_hash
from ledger.models import Leaf, Log


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found for one log; `fault` names the first bad record and is empty when all is well."""

    aims_id: int
    origin: str
    size: int
    root: str
    fault: str

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.fault


def verify(log: Log) -> Verdict:
    """Stream the log in order of number and stop at the first record that does not hold."""
    frontier = Frontier()
    fault = next(_faults(log, frontier), "")
    return Verdict(log.aims_id, log.origin, frontier.size, frontier.root.hex(), fault)


def _faults(log: Log, frontier: Frontier) -> Iterator[str]:
    leaves = Leaf.unscoped.filter(log=log).select_related("record").order_by("number")
    for leaf in leaves.iterator(chunk_size=2_000):
        if leaf.number != frontier.size + 1:
            yield f"Record #{frontier.size + 1} is missing; the next one is #{leaf.number}."
        computed = leaf_hash(bytes(leaf.record.body))
        if computed.hex() != leaf.leaf_hash:
            yield f"Record #{leaf.number} ({leaf.record.event_id}) does not match its leaf hash: it was changed."
        frontier.append(computed)
    if frontier.size != log.size:
        yield f"Record #{frontier.size + 1} is missing: the head says {log.size} records, {frontier.size} are there."
    if log.size and frontier.root.hex() != log.root:
        yield f"The root over {frontier.size} records is not the head's."
    if absent := missing():
        yield f"Guards are missing from the database: {', '.join(absent)}."
