"""Recompute a log from its records: every leaf, every number, every text, the head (RFC 9162)."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F

from ledger.actions.seal import is_ours
from ledger.commitments import altered
from ledger.events import KEY_ADDED
from ledger.filing import filed_role
from ledger.guards import missing
from ledger.holding import within
from ledger.merkle import RUN, Frontier, leaf_hash
from ledger.models import Annex, Leaf, Log, Record, Subtree
from ledger.verifying import Erasures, Signed, Times, batches, origins_by, origins_of

Told = Callable[[int, int], None]


class _Row(NamedTuple):
    number: int
    leaf_hash: str
    aims_id: int
    record_id: int
    record_aims_id: int
    event_id: UUID
    event: str
    subject: str
    pseudonym: str
    role: str
    membership_id: int | None
    occurred_at: datetime
    body: bytes


class _Text(NamedTuple):
    field: str
    salt: bytes | memoryview
    text: str
    aims_id: int


COLUMNS = (
    *("number", "leaf_hash", "aims_id", "record_id"),
    *(f"record__{name}" for name in ("aims_id", *_Row._fields[5:])),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found for one log; `fault` names the first bad record and is empty when all is well.

    `notes` are no faults, but a person should know of them, such as a clock that was set back.
    """

    aims_id: int
    origin: str
    size: int
    root: str
    fault: str
    checkpoints: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.fault


class _Walk:
    """One pass over a log: the tree as it grows, what is still to be compared with it, and what was seen on the way."""

    def __init__(self, log: Log, told: Told | None) -> None:
        self.log = log
        self.told = told
        self.frontier = Frontier()
        self.origins = origins_of(log)
        self.signed = Signed(log, self.origins)
        self.keys_named: set[tuple[str, str]] = set()
        self.times = Times()
        self.erasures = Erasures()

    def leaves(self) -> Iterator[str]:
        """Every leaf with its record, in order of number."""
        for rows in _batches(self.log):
            texts, runs = _beside(self.log, rows)
            for row in rows:
                if fault := _fault_of(row, texts.get(row.record_id, []), self.frontier.size + 1, self):
                    yield fault
                run = self.frontier.append(bytes.fromhex(row.leaf_hash))
                if run and (fault := _run_fault(runs, self.frontier.size, run)):
                    yield fault
                if self.frontier.size == self.signed.next_size:
                    yield from self.signed.compare(self.frontier)
            if self.told:
                self.told(self.frontier.size, self.log.size)

    def notice(self, row: _Row, body: dict[str, Any], texts: Sequence[_Text]) -> None:
        """Remember what later questions need of a record that holds."""
        if row.event == KEY_ADDED.name:
            self.keys_named.add((body["subject"]["id"], body["subject"]["after_hash"]))
        self.times.see(row.number, row.occurred_at)
        self.erasures.see(row.number, row.event, body, {text.field for text in texts if text.text or text.salt})

    def keys(self) -> Iterator[str]:
        """A key that no record names did not come from us; each has its number there."""
        if self.signed.key_fault:
            yield self.signed.key_fault
        for number, key in self.signed.numbered.items():
            if (str(number), sha256(key.text.encode()).hexdigest()) not in self.keys_named:
                yield f"The key {key.id.hex()} of the log is not one that a record names."

    def notes(self) -> tuple[str, ...]:
        """What a person should know of a log that holds."""
        return (*self.times.notes(), *self.erasures.notes())


def verify(log: Log, told: Told | None = None) -> Verdict:
    """Stream the log in order of number and stop at the first record that does not hold.

    `told` is called every thousand records with how many are done and how many there are.
    """
    with within(log.aims_id):
        log = Log.unscoped.get(pk=log.pk)
        walk = _Walk(log, told)
    faults = chain(
        walk.leaves(), _head(log, walk.frontier), walk.signed.left_over(), walk.keys(), _unnumbered(log), _guards()
    )
    fault = next(faults, "")
    root, size = walk.frontier.root.hex(), walk.frontier.size
    return Verdict(log.aims_id, log.origin, size, root, fault, walk.signed.compared, () if fault else walk.notes())


def _batches(log: Log) -> Iterator[list[_Row]]:
    """Plain rows, a thousand at a time: model instances would take four times as long."""
    leaves = Leaf.unscoped.filter(log=log, number__lte=log.size)
    for rows in batches(log.aims_id, leaves, "number", *COLUMNS):
        yield [_Row(*row) for row in rows]


def _beside(log: Log, rows: list[_Row]) -> tuple[dict[int, list[_Text]], dict[int, str]]:
    """The texts of these records, and the roots over the runs that they make."""
    with within(log.aims_id):
        return _texts(rows), _runs(log, rows)


def _texts(rows: list[_Row]) -> dict[int, list[_Text]]:
    found: dict[int, list[_Text]] = defaultdict(list)
    annexes = Annex.unscoped.filter(record__in=[row.record_id for row in rows])
    for record_id, *told in annexes.values_list("record_id", *_Text._fields):
        found[record_id].append(_Text(*told))
    return found


def _runs(log: Log, rows: list[_Row]) -> dict[int, str]:
    first, last = rows[0].number // RUN, rows[-1].number // RUN
    runs = Subtree.unscoped.filter(log=log, aims_id=log.aims_id, number__gte=first, number__lte=last)
    return dict(runs.values_list("number", "root"))


def _run_fault(runs: dict[int, str], size: int, root: bytes) -> str:
    if runs.get(size // RUN) == root.hex():
        return ""
    return f"The stored root over records #{size - RUN + 1} to #{size} is not what they make."


def _fault_of(row: _Row, texts: list[_Text], expected: int, walk: _Walk) -> str:
    if row.number > expected:
        return f"Record #{expected} is missing; the next one is #{row.number}."
    if row.number < expected:
        return f"Leaf #{row.number} was added before the first record."
    name = f"Record #{row.number} ({row.event_id})"
    if leaf_hash(bytes(row.body)).hex() != row.leaf_hash:
        return f"{name} does not match its leaf hash: it was changed."
    try:
        body = json.loads(bytes(row.body))
        differing = _what_differs(row, body, texts, walk)
        walk.notice(row, body, texts)
    except (ValueError, KeyError, TypeError):
        return f"{name} cannot be read: it is not a record."
    return f"{name} is filed wrongly: {differing} is not what the record says." if differing else ""


def _what_differs(row: _Row, body: dict[str, Any], texts: list[_Text], walk: _Walk) -> str:
    """Lists and searches read the columns beside the body, so these have to agree with it."""
    mine, is_known = walk.log.aims_id, body["aims"] in origins_by(walk.origins, row.number)
    pairs = (
        ("the log", (row.aims_id, row.record_aims_id, is_known), (mine, mine, True)),
        ("the log of a text", any(text.aims_id != mine for text in texts), False),
        ("the event", row.event, body["type"]),
        ("the event id", str(row.event_id), body["event_id"]),
        ("the subject", row.subject, f"{body['subject']['type']}:{body['subject']['id']}"),
        ("the actor", row.pseudonym, body["actor"]["pseudonym"]),
        ("the role", row.role, filed_role(body)),
        ("the membership", row.membership_id, body["authority"]["membership"]),
        ("the time", row.occurred_at, datetime.fromisoformat(body["occurred_at"])),
    )
    columns = [name for name, column, said in pairs if column != said]
    return ", ".join([*columns, *(f"the text of “{field}”" for field in altered(body, texts))])


def _head(log: Log, frontier: Frontier) -> Iterator[str]:
    if frontier.size < log.size:
        yield f"Record #{frontier.size + 1} is missing: the head says {log.size} records, {frontier.size} are there."
    with within(log.aims_id):
        extra = Leaf.unscoped.filter(log=log, number__gt=F("log__size")).order_by("number").first()
    if extra is not None:
        yield f"Record #{extra.number} is not under the head: the head says {log.size} records."
    roots = [node.hex() for node in frontier.roots]
    if log.size and (frontier.root.hex() != log.root or roots != log.frontier):
        yield f"The root over records #1 to #{frontier.size} is not the head's: a record and its leaf were changed."


def _unnumbered(log: Log) -> Iterator[str]:
    records = Record.unscoped.filter(aims_id=log.aims_id, leaf__isnull=True, set_aside__isnull=True)
    for rows in batches(log.aims_id, records, "pk", "event_id", "mac", "body", "waiting__aims_id"):
        for event_id, mac, body, waits in rows:
            if waits is None:
                yield f"Record {event_id} has no number and waits for none: its leaf was removed."
            elif not is_ours(Record(mac=mac, body=body)):
                yield f"Record {event_id} waits for its number, but was not written by Assay or was changed since."


def _guards() -> Iterator[str]:
    if absent := missing():
        yield f"Guards are missing from the database: {', '.join(absent)}."
