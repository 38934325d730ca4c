"""Give records their numbers: without gaps, under the log's head row (trust.md section 1)."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from accounts import clock
from ledger.merkle import Frontier, leaf_hash
from ledger.models import Leaf, Log, Record

BATCH = 2_000


class Forged(Exception):
    """A record without a number does not carry our HMAC: sealing stops until a person has looked."""


def mac_of(body: bytes) -> str:
    """Return the HMAC (hex) a record carries until it is sealed, under a key that is not in the database."""
    return hmac.new(settings.LEDGER_KEY.encode(), body, sha256).hexdigest()


@transaction.atomic
def seal(aims_id: int, *, wait: bool = True) -> int:
    """Number the records that have no number yet and return how many; without `wait` a busy head means 0."""
    heads = Log.unscoped.filter(aims_id=aims_id)
    log = heads.select_for_update(skip_locked=not wait).first()
    if log is None:
        return 0
    waiting = Record.unscoped.filter(aims_id=aims_id, leaf__isnull=True).order_by("id")[:BATCH]
    return _append(log, list(waiting))


def _append(log: Log, records: list[Record]) -> int:
    frontier = Frontier(log.size, [bytes.fromhex(node) for node in log.frontier])
    leaves = []
    for item in records:
        body = bytes(item.body)
        if not hmac.compare_digest(item.mac, mac_of(body)):
            raise Forged(f"Record {item.event_id} was not written by Assay.")
        leaf = leaf_hash(body)
        frontier.append(leaf)
        leaves.append(Leaf(log=log, aims_id=log.aims_id, number=frontier.size, record=item, leaf_hash=leaf.hex()))
    if leaves:
        Leaf.unscoped.bulk_create(leaves)
        log.size, log.root = frontier.size, frontier.root.hex()
        log.frontier = [node.hex() for node in frontier.roots]
        log.sealed_at = clock.now()
        log.save(update_fields=["size", "root", "frontier", "sealed_at"])
    return len(leaves)


def seal_now(aims_id: int) -> None:
    """Seal after the commit of a decision, so that its receipt can name a number."""
    transaction.on_commit(lambda: _seal_all(aims_id))


def _seal_all(aims_id: int) -> None:
    while seal(aims_id) == BATCH:
        pass
