"""What a pass over a log compares and remembers beside the tree: origins, checkpoints, the clock, erased texts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from ledger import known
from ledger.commitments import promised
from ledger.events import ERASED
from ledger.holding import within
from ledger.keys import key_of
from ledger.merkle import Frontier
from ledger.models import Checkpoint, Incarnation, Log, LogKey
from ledger.notes import Head, Key, NotANote, checkpoint_of

Origins = Sequence[tuple[int, str]]
SET_BACK = timedelta(minutes=5)
SHOWN = 5
CHUNK = 1_000


def origins_of(log: Log) -> list[tuple[int, str]]:
    """Return after how many leaves each origin began; a log that never was resumed has one, from the beginning."""
    rows = Incarnation.unscoped.filter(log=log).order_by("number")
    return list(rows.values_list("restored_size", "origin")) or [(0, log.origin)]


def origins_by(origins: Origins, number: int) -> set[str]:
    """Return the origins that record `number` may name: its log's at that time, or one before it.

    What was written while the database was being restored waits under the old origin and is numbered under the new.
    """
    return {origin for begun, origin in origins if number > begun}


def origin_at(origins: Origins, size: int) -> str:
    """Return the origin under which a checkpoint of this size was signed."""
    return next(origin for begun, origin in reversed(origins) if size > begun or begun == 0)


def batches(aims_id: int, rows: "QuerySet[Any]", by: str, *fields: str) -> Iterator[list[tuple[Any, ...]]]:
    """Read rows in order of a column, a thousand at a time, each time in the context of their AIMS and no longer.

    So whoever reads may write between two batches. Rows that share the last value of one are looked at again.
    """
    last, given = None, set[int]()
    while True:
        more = rows if last is None else rows.filter(**{f"{by}__gte": last})
        with within(aims_id):
            found = list(more.order_by(by).values_list(by, "pk", *fields)[: CHUNK + len(given)])
        fresh = [row for row in found if row[1] not in given]
        if not fresh:
            return
        yield [row[2:] for row in fresh]
        last = fresh[-1][0]
        given = {row[1] for row in found if row[0] == last}


class _Checkpoint(NamedTuple):
    size: int
    root: str
    note: bytes | memoryview
    frontier: list[str]
    log_id: int
    aims_id: int


class Signed:
    """Every checkpoint of a log, to be compared with the tree when it has grown to its size."""

    def __init__(self, log: Log, origins: Origins) -> None:
        self.log = log
        self.origins = origins
        self.numbered, self.key_fault = _keys(log)
        self.keys = list(self.numbered.values())
        self.compared = 0
        self.newest = 0
        rows = Checkpoint.unscoped.filter(Q(log=log) | Q(aims_id=log.aims_id))
        told = batches(log.aims_id, rows, "size", *_Checkpoint._fields)
        self._rows = map(_Checkpoint._make, chain.from_iterable(told))
        heads = [known.against(log.origin), *(known.newest(origin) for _begun, origin in origins)]
        self._known = sorted((head for head in heads if head), key=lambda head: head.size)
        self._row = next(self._rows, None)
        self.next_size = self._next()

    def compare(self, frontier: Frontier) -> Iterator[str]:
        """Compare what was signed at the tree's size, and move on to the next."""
        while self._row is not None and self._row.size == frontier.size:
            if fault := self._fault(self._row, frontier):
                yield fault
            self.compared, self.newest = self.compared + 1, self._row.size
            self._row = next(self._rows, None)
        while self._known and self._known[0].size == frontier.size:
            head = self._known.pop(0)
            if head.root != frontier.root and head.origin == origin_at(self.origins, head.size):
                yield f"Records #1 to #{head.size} are not those of the checkpoint that is known outside the database."
        self.next_size = self._next()

    def left_over(self) -> Iterator[str]:
        """What was signed over more records than there are: the tail was cut, or the database is an older one."""
        if self._row is not None:
            yield f"A checkpoint over {self._row.size} records was signed; the log has fewer."
        elif self.newest != self.log.signed_size:
            yield f"The newest checkpoint, over {self.log.signed_size} records, is missing or was changed."
        for head in self._known:
            if head.origin == self.log.origin:
                yield f"{known.ROLLBACK}: a checkpoint over {head.size} records is known outside; the log has fewer."

    def _next(self) -> int:
        sizes = [self._row.size] if self._row is not None else []
        return min(sizes + [head.size for head in self._known[:1]], default=0)

    def _fault(self, row: _Checkpoint, frontier: Frontier) -> str:
        name = f"The checkpoint over {row.size} records"
        if row.root != frontier.root.hex():
            return f"{name} was signed with another root: records were changed since."
        try:
            said = checkpoint_of(bytes(row.note).decode(), self.keys)
        except (NotANote, UnicodeDecodeError) as error:
            return f"{name} does not hold: {error}"
        is_filed = (row.log_id, row.aims_id) == (self.log.pk, self.log.aims_id)
        is_grown = row.frontier == [node.hex() for node in frontier.roots]
        if said != Head(origin_at(self.origins, row.size), row.size, frontier.root) or not (is_filed and is_grown):
            return f"{name} says something else than its row."
        return ""


def _keys(log: Log) -> tuple[dict[int, Key], str]:
    """Return the keys of a log by number, and what is wrong with their rows."""
    rows = LogKey.unscoped.filter(Q(log=log) | Q(aims_id=log.aims_id)).order_by("number").defer("private")
    keys, fault = {}, ""
    for row in rows:
        try:
            keys[row.number] = key_of(row)
        except ValueError:
            fault = f"Key {row.number} of the log cannot be read."
        if (row.log_id, row.aims_id) != (log.pk, log.aims_id):
            fault = f"Key {row.number} of the log is filed under another."
    return keys, fault


class Times:
    """Whether the clock was set back: order is the tree's, so this is no fault, but times then mean little."""

    def __init__(self) -> None:
        self.latest: datetime | None = None
        self.first = 0
        self.count = 0

    def see(self, number: int, at: datetime) -> None:
        """Look at the next record's time."""
        if self.latest is not None and at < self.latest - SET_BACK:
            self.first = self.first or number
            self.count += 1
        elif self.latest is None or at > self.latest:
            self.latest = at

    def notes(self) -> Iterator[str]:
        """Say where it happened first, and how often."""
        if self.count:
            yield (
                f"Record #{self.first} says an earlier time than one before it, and {self.count - 1} more do: "
                "the clock was set back. Their order is certain, their times are not."
            )


class Erasures:
    """Texts that are gone although no record says that they were erased."""

    def __init__(self) -> None:
        self.gone: dict[str, int] = {}

    def see(self, number: int, event: str, body: dict[str, Any], kept: set[str]) -> None:
        """Look at the texts of the next record; a record of an erasure answers for those of the one it names."""
        if event == ERASED.name:
            self.gone.pop(body["subject"]["id"], None)
        said = promised(body)
        if "after_commitment" not in body["subject"]:
            said.pop("after")  # it may be the plain digest of an artefact, which has no text
        if any(hash_ and field not in kept for field, hash_ in said.items()):
            self.gone[body["event_id"]] = number

    def notes(self) -> Iterator[str]:
        """Name the first of them."""
        if self.gone:
            numbers = ", ".join(f"#{number}" for number in sorted(self.gone.values())[:SHOWN])
            more = f" and {len(self.gone) - SHOWN} more" if len(self.gone) > SHOWN else ""
            yield f"Texts beside records {numbers}{more} are gone, and no record says that they were erased."
