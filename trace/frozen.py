"""What rooms froze, held against the records that name it: every row has its record, and every record its row."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from evidence.models import Evidence
from ledger.models import Record

BATCH = 200

T = TypeVar("T")
Files = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A row that must not have changed: its reference, its digest (hex SHA-256) and the files it consists of.

    Of each group of events at least one record has to name it so; `fault` says what is wrong with it by itself.
    """

    key: str
    digest: str
    events: tuple[tuple[str, ...], ...]
    files: Files = frozenset()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says was frozen; `number` is 0 while it waits for one."""

    number: int
    event: str
    key: str
    digest: str
    files: Files

    @property
    def name(self) -> str:
        """The record in words."""
        return f"Record #{self.number} ({self.event})" if self.number else f"A record without a number ({self.event})"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is frozen: its rows, the events that name it, and which records have no such row."""

    events: tuple[str, ...]
    rows: Callable[[], Iterable[Frozen]]
    orphans: Callable[[Sequence[Said]], Iterable[Said]]
    gone: str = "which is not in the database."


def faults_of(kind: Kind) -> Iterator[str]:
    """Compare both ways within the AIMS in context, a few hundred rows at a time."""
    for rows in batches(kind.rows(), BATCH):
        yield from _against_records(rows, kind.events)
    for said in batches(_said(kind.events), BATCH):
        for orphan in kind.orphans(said):
            yield f"{orphan.name} names {orphan.key} with digest {orphan.digest}, {kind.gone}"


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut a stream into lists."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _against_records(rows: Sequence[Frozen], events: Sequence[str]) -> Iterator[str]:
    told: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for said in _said(events, {row.key.partition("@")[0] for row in rows} | {row.key for row in rows}):
        told[said.event, said.key].append(said)
    for row in rows:
        if row.fault:
            yield f"{row.key}: {row.fault}"
        for group in row.events:
            if fault := _fault(row, group, [said for event in group for said in told[event, row.key]]):
                yield f"{row.key}: {fault}"


def _fault(row: Frozen, group: Sequence[str], records: Sequence[Said]) -> str:
    if not records:
        return f"no record ({' or '.join(group)}) names it."
    same = [said for said in records if said.digest == row.digest]
    if not same:
        return f"its digest is {row.digest}, but {records[-1].name} names {records[-1].digest}."
    if all(said.files != row.files for said in same):
        return f"its files are not those that {same[-1].name} names."
    return ""


def _said(events: Sequence[str], subjects: Iterable[str] | None = None) -> Iterator[Said]:
    rows = Record.objects.filter(event__in=events)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    found = rows.order_by("pk").values_list("event", "leaf__number", "body")
    for event, number, body in found.iterator(chunk_size=BATCH):
        yield _read(event, number or 0, bytes(body))


def _read(event: str, number: int, data: bytes) -> Said:
    """Read a record; what cannot be read names nothing, and the verification of the log says why."""
    try:
        body = json.loads(data)
        subject = body["subject"]
        listed = body["evidence"] if subject["type"] == Evidence.ref_kind else []
        files = frozenset((file["sha256"], file["size"]) for file in listed if file["sha256"])
        return Said(number, event, _key(subject, listed), subject["after_hash"] or "", files)
    except (ValueError, KeyError, TypeError):
        return Said(number, event, "", "", frozenset())


def _key(subject: dict[str, Any], listed: Sequence[dict[str, Any]]) -> str:
    """Versions of evidence are recorded under their item; the files that the record lists say which version."""
    key = f"{subject['type']}:{subject['id']}"
    return f"{key}@{listed[0]['version']}" if listed else key
