"""The ledger's rows as the fewest statements that write them: every governed act pays for these (trust.md section 1).

Plain SQL, because four rows through the ORM cost more than the act they record; `make bench` keeps the ratio. Column
names and adapted values come from the models, so a migration that renames one breaks the tests of records at once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from ledger.commitments import Kept
from ledger.known import hold
from ledger.merkle import RUN, Frontier, leaf_hash
from ledger.models import Annex, Leaf, Log, Record, Subtree, Waiting

RECORD = ("event_id", "aims_id", "body", "mac", "event", "subject", "pseudonym", "role", "membership_id", "occurred_at")
ANNEX = ("record_id", "aims_id", "field", "salt", "text")
LEAF = ("log_id", "aims_id", "number", "record_id", "leaf_hash")
SUBTREE = ("log_id", "aims_id", "number", "root")
HEAD = ("id", "origin", "size", "frontier")


@dataclass(frozen=True, slots=True)
class Head:
    """What writing needs to know of a log: its id, its origin, how many leaves it has, and their frontier."""

    pk: int
    aims_id: int
    origin: str
    frontier: Frontier


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that has no row yet; `mac` is its HMAC until it is sealed."""

    event_id: UUID
    body: bytes
    mac: str
    event: str
    subject: str
    pseudonym: str
    role: str
    membership_id: int | None
    at: datetime


def head_of(aims_id: int) -> Head | None:
    """Return the head of a log, or None before its first record."""
    with connection.cursor() as cursor:
        cursor.execute(_select(), [aims_id])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, origin, size, frontier = row
    nodes = json.loads(frontier) if isinstance(frontier, str) else frontier
    return Head(pk, aims_id, origin, Frontier(size, map(bytes.fromhex, nodes)))


def write(head: Head, new: NewRecord, texts: Sequence[Kept]) -> int:
    """Write a record with its texts, and that it waits for a number where a sealer gives those; return its id."""
    mine = [
        _uuid(new.event_id), head.aims_id, new.body, new.mac, new.event, new.subject, new.pseudonym, new.role,
        new.membership_id, _instant(new.at),
    ]  # fmt: skip
    if connection.vendor == "postgresql":
        theirs = [item for text in texts for item in (head.aims_id, *_parts(text))]
        return _in_one_statement([*mine, head.aims_id, *theirs], len(texts))
    with connection.cursor() as cursor:
        cursor.execute(_insert(Record, RECORD), mine)
        pk = int(cursor.lastrowid)
        if texts:
            values: list[Any] = [item for text in texts for item in (pk, head.aims_id, *_parts(text))]
            cursor.execute(_insert(Annex, ANNEX, len(texts)), values)
    return pk


def number(head: Head, record_id: int, body: bytes, at: datetime) -> None:
    """Give a record the next number under a head that the caller holds (SQLite, where there is one writer at a time).

    Raises RolledBack for a log that is older than a checkpoint known outside.
    """
    hold(head.origin, head.frontier.size, head.frontier.root)
    leaf = leaf_hash(body)
    run = head.frontier.append(leaf)
    with connection.cursor() as cursor:
        size = head.frontier.size
        cursor.execute(_insert(Leaf, LEAF), [head.pk, head.aims_id, size, record_id, leaf.hex()])
        if run:
            cursor.execute(_insert(Subtree, SUBTREE), [head.pk, head.aims_id, size // RUN, run.hex()])
        nodes = json.dumps([node.hex() for node in head.frontier.roots])
        cursor.execute(_move(), [size, head.frontier.root.hex(), nodes, _instant(at), head.pk])


def _in_one_statement(values: list[Any], texts: int) -> int:
    """One round trip: the record, its waiting row and its texts, tied together by the id the first one gets."""
    with connection.cursor() as cursor:
        cursor.execute(_together(texts), values)
        return int(cursor.fetchone()[0])


def _parts(text: Kept) -> tuple[str, bytes, str]:
    return text.field, bytes(text.salt), text.text


def _uuid(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


@cache
def _select() -> str:
    return f"SELECT {', '.join(HEAD)} FROM {Log._meta.db_table} WHERE aims_id = %s"  # noqa: S608  (names of ours)


@cache
def _move() -> str:
    return f"UPDATE {Log._meta.db_table} SET size = %s, root = %s, frontier = %s, sealed_at = %s WHERE id = %s"  # noqa: S608


@cache
def _insert(model: type[Any], columns: tuple[str, ...], rows: int = 1) -> str:
    values = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {', '.join([values] * rows)}"  # noqa: S608


@cache
def _together(texts: int) -> str:
    record = f"WITH new AS ({_insert(Record, RECORD)} RETURNING id)"
    waits = f"wait AS (INSERT INTO {Waiting._meta.db_table} (record_id, aims_id) SELECT id, %s FROM new)"  # noqa: S608
    annexes = [
        f"text{place} AS (INSERT INTO {Annex._meta.db_table} ({', '.join(ANNEX)}) SELECT id, %s, %s, %s, %s FROM new)"  # noqa: S608
        for place in range(texts)
    ]
    return f"{', '.join([record, waits, *annexes])} SELECT id FROM new"  # noqa: S608
