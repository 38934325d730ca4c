"""Which bytes the store has to hold, each once and in order of hash, listed on disk rather than in memory."""

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from evidence.ports import StoredFile
from evidence.store import Stored

SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE held (sha256 TEXT, size INTEGER, name TEXT, what TEXT, title TEXT, address TEXT);
CREATE INDEX by_hash ON held (sha256, size);
"""
FIRST = Stored("", -1)


class Holdings:
    """A list of stored files, taken within a tenant's transaction and read outside of any.

    It lies in a temporary file of SQLite's own, so a million files cost disk and no memory.
    """

    def __init__(self) -> None:
        self._list = sqlite3.connect("")
        self._list.executescript(SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._list.close()

    def take(self, files: Iterable[StoredFile]) -> None:
        """Note files; the same bytes may come any number of times."""
        rows = ((file.sha256, file.size, file.name, file.what, file.title, file.address) for file in files)
        self._list.executemany("INSERT INTO held VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._list.commit()

    def after(self, last: Stored = FIRST) -> Iterator[Stored]:
        """Return what the store has to hold, each once, in order, from behind `last` on."""
        query = "SELECT DISTINCT sha256, size FROM held WHERE (sha256, size) > (?, ?) ORDER BY sha256, size"
        for sha256, size in self._list.execute(query, (last.sha256, last.size)):
            yield Stored(sha256, size)

    def totals(self) -> tuple[int, int]:
        """Return how many different files there are to be, and how many bytes they have."""
        query = "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT DISTINCT sha256, size FROM held)"
        count, size = self._list.execute(query).fetchone()
        return count, size

    def holders(self, stored: Stored, most: int) -> tuple[list[StoredFile], int]:
        """Return the first rows that hold these bytes, and how many more do."""
        where = "FROM held WHERE sha256 = ? AND size = ?"
        rows = self._list.execute(f"SELECT * {where} ORDER BY rowid LIMIT ?", (stored.sha256, stored.size, most))
        found = [StoredFile(*row) for row in rows]
        (count,) = self._list.execute(f"SELECT count(*) {where}", (stored.sha256, stored.size)).fetchone()
        return found, count - len(found)
