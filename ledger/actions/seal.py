"""Give records their numbers: without gaps, under the log's head row (trust.md section 1)."""

import hmac
import logging
from collections.abc import Callable, Sequence
from hashlib import sha256

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, transaction

from accounts import clock
from ledger.holding import holding, sealer, within
from ledger.known import RolledBack, hold
from ledger.merkle import RUN, Frontier, leaf_hash
from ledger.models import Leaf, Log, Record, Subtree, Waiting
from ledger.ports import raise_alarm

BATCH = 2_000
INSUFFICIENT_PRIVILEGE = "42501"

logger = logging.getLogger(__name__)


class Forged(Exception):
    """A record without a number does not carry our HMAC: sealing stops until a person has looked."""


def mac_of(body: bytes) -> str:
    """Return the HMAC (hex) a record carries until it is sealed, under a key that is not in the database."""
    return hmac.new(settings.LEDGER_KEY.encode(), body, sha256).hexdigest()


def is_ours(record: Record) -> bool:
    """Whether the record still carries the HMAC it was written with."""
    return hmac.compare_digest(record.mac, mac_of(bytes(record.body)))


def seal(aims_id: int, *, wait: bool = True) -> int:
    """Number the records that have no number yet and return how many; without `wait` a busy head means 0.

    They are those that wait, never those above the last id: a transaction that commits late has a lower one.
    Raises Forged for a record that is not ours, and RolledBack for a log older than a checkpoint known outside.
    """
    with holding(aims_id, wait=wait) as log:
        if log is None:
            return 0
        rows = Record.unscoped.using(sealer()).filter(waiting__aims_id=aims_id, aims_id=aims_id, leaf__isnull=True)
        records = list(rows.order_by("id")[:BATCH])
        append(log, records)
        Waiting.unscoped.using(sealer()).filter(record__in=records).delete()
        return len(records)


def append(log: Log, records: Sequence[Record]) -> None:
    """Put records at the end of a log whose head the caller holds; raises Forged and RolledBack."""
    frontier = Frontier(log.size, [bytes.fromhex(node) for node in log.frontier])
    hold(log.origin, log.size, frontier.root)
    if not records:
        return
    leaves, runs = [], []
    for record in records:
        leaf, run = _leaf(log, record, frontier)
        leaves.append(leaf)
        runs += [run] if run else []
    Leaf.unscoped.using(sealer()).bulk_create(leaves)
    Subtree.unscoped.using(sealer()).bulk_create(runs)
    log.size, log.root = frontier.size, frontier.root.hex()
    log.frontier = [node.hex() for node in frontier.roots]
    log.sealed_at, log.halted = clock.now(), ""
    log.save(using=sealer(), update_fields=["size", "root", "frontier", "sealed_at", "halted"])


def _leaf(log: Log, record: Record, frontier: Frontier) -> tuple[Leaf, Subtree | None]:
    if not is_ours(record):
        raise Forged(f"Record {record.event_id} was not written by Assay, or was changed before it had a number.")
    leaf = leaf_hash(bytes(record.body))
    run = frontier.append(leaf)
    size = frontier.size
    return (
        Leaf(log=log, aims_id=log.aims_id, number=size, record=record, leaf_hash=leaf.hex()),
        Subtree(log=log, aims_id=log.aims_id, number=size // RUN, root=run.hex()) if run else None,
    )


def seal_waiting() -> int:
    """Seal every log that has records waiting, leaving busy ones to whoever holds them; called by the ticker."""
    busy = Waiting.unscoped.order_by("aims_id").values_list("aims_id", flat=True).distinct()
    return sum(seal_all(aims_id, wait=False) for aims_id in list(busy))


def seal_all(aims_id: int, *, wait: bool) -> int:
    """Seal in batches until nothing waits and return how many; what stops the sealer halts the log and is told."""
    count = 0
    try:
        while (sealed := seal(aims_id, wait=wait)) == BATCH:
            count += sealed
    except (Forged, RolledBack) as fault:
        halt(aims_id, str(fault))
        return count
    return count + sealed


def seal_soon(aims_id: int) -> None:
    """Seal what was just written: at once, or after the commit where another role seals, which would wait for us."""
    if sealer() == DEFAULT_DB_ALIAS:
        or_leave(aims_id, lambda pk: seal_all(pk, wait=True))
    else:
        transaction.on_commit(lambda: or_leave(aims_id, lambda pk: seal_all(pk, wait=True)))


def or_leave(aims_id: int, work: Callable[[int], object]) -> bool:
    """Do it, or leave it to the ticker where the head is busy or this process may not; says whether it was done."""
    try:
        work(aims_id)
    except OperationalError:
        logger.info("The head of log %s is busy: its newest records are pending.", aims_id)
        return False
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != INSUFFICIENT_PRIVILEGE:
            raise
        logger.info("This process may not seal: the newest records of log %s are pending.", aims_id)
        return False
    return True


def halt(aims_id: int, fault: str) -> None:
    """Note why a log is not sealed any further, and raise the alarm the first time."""
    with within(aims_id):
        is_news = Log.unscoped.filter(aims_id=aims_id).exclude(halted=fault).update(halted=fault)
    if is_news:
        logger.error("The log of AIMS %s is not sealed any further: %s", aims_id, fault)
        raise_alarm(aims_id, fault)
