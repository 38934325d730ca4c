"""What the taker of a decision holds in hand: the record's place in the chain, or that it is pending."""

from dataclasses import dataclass

from ledger.models import Leaf, Record


@dataclass(frozen=True, slots=True)
class Receipt:
    """A record's number and leaf under the log's newest root; `number` is None while it waits for the sealer."""

    event_id: str
    number: int | None
    leaf_hash: str
    size: int
    root: str

    @property
    def is_pending(self) -> bool:
        """Whether the record has no number yet."""
        return self.number is None


def receipt_of(record: Record) -> Receipt:
    """Return the receipt as things stand; read it after the commit that `seal_now` waits for."""
    leaf = Leaf.objects.filter(record=record).select_related("log").first()
    if leaf is None:
        return Receipt(str(record.event_id), None, "", 0, "")
    return Receipt(str(record.event_id), leaf.number, leaf.leaf_hash, leaf.log.size, leaf.log.root)
