"""Recompute a log from its records: every leaf, every number, every text, the head (RFC 9162)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import F, Prefetch

from ledger.actions.seal import is_ours
from ledger.commitments import altered
from ledger.guards import missing
from ledger.merkle import Frontier, leaf_hash
from ledger.models import Annex, Leaf, Log, Record

CHUNK = 1_000

Told = Callable[[int, int], None]


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


def verify(log: Log, told: Told | None = None) -> Verdict:
    """Stream the log in order of number and stop at the first record that does not hold.

    `told` is called every thousand records with how many are done and how many there are.
    """
    log = Log.unscoped.get(pk=log.pk)
    frontier = Frontier()
    faults = chain(_leaves(log, frontier, told), _head(log, frontier), _unnumbered(log), _guards())
    fault = next(faults, "")
    return Verdict(log.aims_id, log.origin, frontier.size, frontier.root.hex(), fault)


def _leaves(log: Log, frontier: Frontier, told: Told | None) -> Iterator[str]:
    rows = Leaf.unscoped.filter(log=log, number__lte=log.size).select_related("record").order_by("number")
    texts = Prefetch("record__annexes", Annex.unscoped.all())
    for leaf in rows.prefetch_related(texts).iterator(chunk_size=CHUNK):
        if fault := _fault_of(leaf, frontier.size + 1, log):
            yield fault
        frontier.append(bytes.fromhex(leaf.leaf_hash))
        if told and frontier.size % CHUNK == 0:
            told(frontier.size, log.size)


def _fault_of(leaf: Leaf, expected: int, log: Log) -> str:
    if leaf.number > expected:
        return f"Record #{expected} is missing; the next one is #{leaf.number}."
    if leaf.number < expected:
        return f"Leaf #{leaf.number} was added before the first record."
    name = f"Record #{leaf.number} ({leaf.record.event_id})"
    if leaf_hash(bytes(leaf.record.body)).hex() != leaf.leaf_hash:
        return f"{name} does not match its leaf hash: it was changed."
    try:
        differing = _what_differs(leaf, log)
    except (ValueError, KeyError, TypeError):
        return f"{name} cannot be read: it is not a record."
    return f"{name} is filed wrongly: {differing} is not what the record says." if differing else ""


def _what_differs(leaf: Leaf, log: Log) -> str:
    """Lists and searches read the columns beside the body, so these have to agree with it."""
    record = leaf.record
    body = json.loads(bytes(record.body))
    pairs = {
        "the log": ((leaf.aims_id, record.aims_id, body["aims"]), (log.aims_id, log.aims_id, log.origin)),
        "the event": (record.event, body["type"]),
        "the event id": (str(record.event_id), body["event_id"]),
        "the subject": (record.subject, f"{body['subject']['type']}:{body['subject']['id']}"),
        "the actor": (record.pseudonym, body["actor"]["pseudonym"]),
        "the time": (record.occurred_at, datetime.fromisoformat(body["occurred_at"])),
    }
    columns = [name for name, (column, told) in pairs.items() if column != told]
    texts = [f"the text of “{field}”" for field in altered(body, record.annexes.all())]
    return ", ".join(columns + texts)


def _head(log: Log, frontier: Frontier) -> Iterator[str]:
    if frontier.size < log.size:
        yield f"Record #{frontier.size + 1} is missing: the head says {log.size} records, {frontier.size} are there."
    extra = Leaf.unscoped.filter(log=log, number__gt=F("log__size")).order_by("number").first()
    if extra is not None:
        yield f"Record #{extra.number} is not under the head: the head says {log.size} records."
    roots = [node.hex() for node in frontier.roots]
    if log.size and (frontier.root.hex() != log.root or roots != log.frontier):
        yield f"The root over records #1 to #{frontier.size} is not the head's: a record and its leaf were changed."


def _unnumbered(log: Log) -> Iterator[str]:
    rows = Record.unscoped.filter(aims_id=log.aims_id, leaf__isnull=True).select_related("waiting").order_by("pk")
    for record in rows.iterator(chunk_size=CHUNK):
        if not hasattr(record, "waiting"):
            yield f"Record {record.event_id} has no number and waits for none: its leaf was removed."
        elif not is_ours(record):
            yield f"Record {record.event_id} waits for its number, but was not written by Assay or was changed since."


def _guards() -> Iterator[str]:
    if absent := missing():
        yield f"Guards are missing from the database: {', '.join(absent)}."
