"""What the taker of a decision holds in hand: the record's place in the chain with its proof, or that it is pending."""

from dataclasses import dataclass

from ledger.models import Checkpoint, Leaf, Log, Record
from ledger.notes import proof_text
from ledger.tree import Tree


@dataclass(frozen=True, slots=True)
class Receipt:
    """A record's number and leaf under a root; `number` is None while it waits for the sealer.

    `checkpoint` is the size of the checkpoint that covers it, None until one does; `proof` is a tlog-proof (C2SP) that
    carries the record, and is empty as long.
    """

    event_id: str
    number: int | None
    leaf_hash: str
    size: int
    root: str
    checkpoint: int | None = None
    proof: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether the record has no number yet."""
        return self.number is None


def receipt_of(record: Record) -> Receipt:
    """Return the receipt as things stand; read it after the commit that `seal_now` waits for."""
    leaf = Leaf.objects.filter(record=record).select_related("log").first()
    if leaf is None:
        return Receipt(str(record.event_id), None, "", 0, "")
    row = covering(leaf.log, leaf.number)
    proof = proof_of(leaf.log, leaf.number, bytes(record.body), row) if row else ""
    signed = row.size if row else None
    return Receipt(str(record.event_id), leaf.number, leaf.leaf_hash, leaf.log.size, leaf.log.root, signed, proof)


def covering(log: Log, number: int) -> Checkpoint | None:
    """Return the first checkpoint that covers a record."""
    return Checkpoint.objects.filter(log=log, size__gte=number).order_by("size").first()


def proof_of(log: Log, number: int, body: bytes, row: Checkpoint) -> str:
    """Return the tlog-proof of a record under a checkpoint, with the record itself as extra data."""
    return proof_text(number - 1, Tree(log, row.size).inclusion(number), row.text, body)
