"""Recompute that a record lies under the root of a signed checkpoint, each time somebody looks (RFC 9162)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ledger.keys import keys_of
from ledger.merkle import leaf_hash, root_from_inclusion
from ledger.models import Anchor, Checkpoint, Leaf, Log
from ledger.notes import Head, NotANote, checkpoint_of
from ledger.receipts import covering
from ledger.tree import Tree
from ledger.verifying import origin_at, origins_of
from trace.outside import day_of, time_of, went


@dataclass(frozen=True, slots=True)
class Proof:
    """A record's path to a root (hex): that of the first checkpoint over it, or the head's while none is signed.

    `is_under` says whether the path leads there now, `is_signed` whether the checkpoint holds under the log's keys.
    """

    steps: int
    root: str
    is_under: bool
    checkpoint: int
    is_signed: bool
    signed_on: str
    signed_at: str
    went: str

    @property
    def holds(self) -> bool:
        """Whether nothing about it is wrong; a record that waits for its checkpoint is not wrong."""
        return self.is_under and (self.is_signed or not self.checkpoint)


def prove(leaf: Leaf, log: Log, zone: ZoneInfo) -> Proof:
    """Recompute one record's proof; at most seven queries, however long the log is."""
    row = covering(log, leaf.number)
    size, root = (row.size, row.root) if row else (log.size, log.root)
    path = Tree(log, size).inclusion(leaf.number) if leaf.number <= size else []
    return Proof(
        steps=len(path),
        root=root,
        is_under=_leads_to(root, leaf, size, path),
        checkpoint=row.size if row else 0,
        is_signed=row is not None and _is_ours(row, log),
        signed_on=day_of(row.made_at, zone) if row else "",
        signed_at=time_of(row.made_at, zone) if row else "",
        went=_went(log, leaf.number, zone) if row else "",
    )


def _leads_to(root: str, leaf: Leaf, size: int, path: list[bytes]) -> bool:
    try:
        found = root_from_inclusion(leaf_hash(bytes(leaf.record.body)), leaf.number - 1, size, path)
    except ValueError:
        return False
    return found.hex() == root


def _is_ours(row: Checkpoint, log: Log) -> bool:
    try:
        said = checkpoint_of(row.text, keys_of(log))
    except (NotANote, UnicodeDecodeError):
        return False
    return said == Head(origin_at(origins_of(log), row.size), row.size, bytes.fromhex(row.root))


def _went(log: Log, number: int, zone: ZoneInfo) -> str:
    """Say where the first copy of a checkpoint over the record went."""
    copies = Anchor.objects.filter(checkpoint__log=log, checkpoint__size__gte=number).select_related("person")
    first = copies.order_by("checkpoint__size", "made_at").first()
    return went(first, zone) if first else ""
