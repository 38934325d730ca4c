"""SQLite: snapshot and restore by the database's own backup call; a copy of the file would lose what is in the WAL."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from backup.database import RECORDS, has_table, through
from backup.folder import sync
from backup.form import About
from backup.refusals import NotABackup, NotMade, NotRestorable

PATIENCE = 20.0


def server() -> str:
    """Return the version of the library."""
    return sqlite3.sqlite_version


def roles() -> tuple[str, ...]:
    """There are none."""
    return ()


@contextmanager
def snapshot(file: Path) -> Iterator[None]:
    """Copy the live database as it is at one instant; in the block everything reads the copy. Raises NotMade."""
    if connection.in_atomic_block:
        raise NotMade("A backup is made outside of any transaction.")
    connection.ensure_connection()
    try:
        file.touch(mode=0o600)
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy, progress=_patient(NotMade("The database is busy all the time.")))
            copy.execute("PRAGMA journal_mode = DELETE")
            damage = _damage(copy)
    except sqlite3.Error as error:
        raise NotMade(f"The database could not be copied: {error}. Nothing was kept.") from error
    if damage:
        raise NotMade(f"The database is damaged: {damage}. Nothing was kept; bring back an older backup.")
    sync(file)
    with through({"NAME": str(file), "OPTIONS": {"init_command": "PRAGMA query_only = ON"}}):
        yield


def is_free() -> bool:
    """Whether the configured database holds no record; a file that is not there yet is not made by asking."""
    place = _place()
    if not place.exists() or not place.stat().st_size:
        return True
    with through({}):
        if not has_table(RECORDS):
            return True
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {RECORDS} LIMIT 1")  # noqa: S608  (a table of ours)
            return cursor.fetchone() is None


def restore(file: Path, _about: About) -> None:
    """Put the snapshot in the place of the configured database, in one transaction. Raises NotRestorable."""
    place = _place()
    connection.close()
    place.parent.mkdir(parents=True, exist_ok=True)
    busy = NotRestorable("The database is in use. Stop Assay (web, workers, ticker) and begin again.")
    try:
        with closing(_opened(file)) as source, closing(sqlite3.connect(place)) as target:
            source.backup(target, progress=_patient(busy))
    except sqlite3.Error as error:
        raise NotRestorable(
            f"The database could not be written: {error}. It is as it was; if it is damaged, move {place} away."
        ) from error
    sync(place)


def check_dump(file: Path, about: About) -> None:
    """Open the snapshot and look through it, raising NotABackup."""
    try:
        with closing(_opened(file)) as source:
            if damage := _damage(source):
                raise NotABackup(f"{file} is damaged: {damage}.")
            logs = source.execute("SELECT origin, size, root FROM ledger_log ORDER BY id").fetchall()
    except sqlite3.Error as error:
        raise NotABackup(f"{file} is no database of Assay: {error}.") from error
    if logs != [(log.origin, log.size, log.root) for log in about.logs]:
        raise NotABackup(f"{file} does not hold the logs that backup.json names.")


def _damage(database: sqlite3.Connection) -> str:
    """Say what is wrong inside a database, or nothing; every page is read."""
    (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    return "" if found == "ok" else " ".join(found.split())


def _opened(file: Path) -> sqlite3.Connection:
    """Open a snapshot that nobody writes to, without leaving a trace beside it."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _place() -> Path:
    return Path(connection.settings_dict["NAME"])


def _patient(refusal: Exception) -> Callable[[int, int, int], None]:
    """Give up when a lock is held for too long: the backup call itself would wait for ever."""
    until = time.monotonic() + PATIENCE

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise refusal

    return look
