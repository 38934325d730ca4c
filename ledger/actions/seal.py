"""Give records their numbers: without gaps, under the log's head row (trust.md section 1)."""

import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import OperationalError, connection, transaction

from accounts import clock
from accounts.context import acting_in
from ledger.merkle import Frontier, leaf_hash
from ledger.models import Leaf, Log, Record, Waiting

BATCH = 2_000
PATIENCE = "3s"

logger = logging.getLogger(__name__)


class Forged(Exception):
    """A record without a number does not carry our HMAC: sealing stops until a person has looked."""


@dataclass(slots=True)
class _Tenant:
    pk: int


def mac_of(body: bytes) -> str:
    """Return the HMAC (hex) a record carries until it is sealed, under a key that is not in the database."""
    return hmac.new(settings.LEDGER_KEY.encode(), body, sha256).hexdigest()


def is_ours(record: Record) -> bool:
    """Whether the record still carries the HMAC it was written with."""
    return hmac.compare_digest(record.mac, mac_of(bytes(record.body)))


@transaction.atomic
def seal(aims_id: int, *, wait: bool = True) -> int:
    """Number the records that have no number yet and return how many; without `wait` a busy head means 0.

    They are those that wait, never those above the last id: a transaction that commits late has a lower one.
    """
    log = Log.unscoped.select_for_update(skip_locked=not wait).filter(aims_id=aims_id).first()
    if log is None:
        return 0
    unnumbered = Record.unscoped.filter(waiting__aims_id=aims_id, aims_id=aims_id, leaf__isnull=True)
    records = list(unnumbered.order_by("id")[:BATCH])
    append(log, records)
    Waiting.unscoped.filter(record__in=records).delete()
    return len(records)


def append(log: Log, records: Sequence[Record]) -> None:
    """Put records at the end of a log whose head the caller holds, raising Forged for one that is not ours."""
    frontier = Frontier(log.size, [bytes.fromhex(node) for node in log.frontier])
    leaves = [_leaf(log, record, frontier) for record in records]
    if leaves:
        Leaf.unscoped.bulk_create(leaves)
        log.size, log.root = frontier.size, frontier.root.hex()
        log.frontier = [node.hex() for node in frontier.roots]
        log.sealed_at = clock.now()
        log.save(update_fields=["size", "root", "frontier", "sealed_at"])


def _leaf(log: Log, record: Record, frontier: Frontier) -> Leaf:
    if not is_ours(record):
        raise Forged(f"Record {record.event_id} was not written by Assay, or was changed before it had a number.")
    leaf = leaf_hash(bytes(record.body))
    frontier.append(leaf)
    return Leaf(log=log, aims_id=log.aims_id, number=frontier.size, record=record, leaf_hash=leaf.hex())


def seal_waiting() -> int:
    """Seal every log that has records waiting, leaving busy ones to whoever holds them; called by the ticker."""
    busy = Waiting.unscoped.order_by("aims_id").values_list("aims_id", flat=True).distinct()
    return sum(_seal_all(aims_id, wait=False) for aims_id in list(busy))


def seal_now(aims_id: int) -> None:
    """Seal after the commit of a decision, so that its receipt can name a number; on a time-out it stays pending."""
    transaction.on_commit(lambda: _seal_soon(aims_id))


def _seal_soon(aims_id: int) -> None:
    if not Waiting.unscoped.filter(aims_id=aims_id).exists():
        return
    try:
        _seal_all(aims_id, wait=True)
    except OperationalError:
        logger.info("The head of log %s is busy: its newest records are pending.", aims_id)


def _seal_all(aims_id: int, *, wait: bool) -> int:
    count = 0
    try:
        while (sealed := _seal_in_context(aims_id, wait=wait)) == BATCH:
            count += sealed
    except Forged:
        logger.exception("The log of AIMS %s is not sealed any further.", aims_id)
        return count
    return count + sealed


def _seal_in_context(aims_id: int, *, wait: bool) -> int:
    with transaction.atomic(), acting_in(_Tenant(aims_id)):
        if wait and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        return seal(aims_id, wait=wait)
