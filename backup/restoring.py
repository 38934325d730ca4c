"""Bring a backup back: refuse what cannot end well before anything is touched, then files, database, and the rest."""

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

from aims import walls
from backup import postgres
from backup.database import end_sessions, logs_here, through
from backup.describing import newest
from backup.files import bring_back, check_files, sum_of
from backup.fingerprints import LOST, others
from backup.form import About, Log
from backup.making import vendor
from backup.refusals import NotABackup, NotRestorable
from evidence.store import Stored
from ledger import known
from ledger.known import ROLLBACK


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, what a person has to know or do now, and what is not what the backup says it is."""

    about: About
    files: int
    notes: tuple[str, ...]
    faults: tuple[str, ...]


def plan(folder: Path, *, is_over: bool, is_without_secrets: bool) -> tuple[About, list[str]]:
    """Look at everything that can be looked at; return what the backup is and what restoring it costs.

    Raises NotABackup and NotRestorable with nothing touched. The quick questions come first, the hashing last.
    """
    about = About.read(folder)
    _refuse_another_kind(about)
    _refuse_older_code(about)
    costs = _secrets(about, is_allowed=is_without_secrets)
    _refuse_running()
    costs += _losses(about, is_allowed=is_over)
    dump = folder / about.database.file
    if sum_of(dump) != Stored(about.database.sha256, about.database.size):
        raise NotABackup(f"{dump} was changed or cut off since the backup was made.")
    vendor().check_dump(dump, about)
    check_files(folder, about.files)
    return about, costs


def restore(folder: Path, about: About) -> Restored:
    """Put files and database in their place. Files first: nobody may meet a row whose file is not there yet."""
    behind = tuple(_rolled_back(about))
    count = bring_back(folder, about.files)
    vendor().restore(folder / about.database.file, about)
    connections.close_all()
    with _as_owner():
        faults = tuple(_unlike(about))
        end_sessions()
        is_migrated = _is_older(about) or bool(walls.missing())
        if is_migrated:
            call_command("migrate", interactive=False, verbosity=0)
    for log in about.logs:
        if log.checkpoint:
            known.keep(log.checkpoint)
    migrated = ("The backup was made by an older version: its tables were migrated.",) if is_migrated else ()
    return Restored(about, count, (*migrated, *behind), faults)


def _as_owner() -> AbstractContextManager[None]:
    """Go through the role that owns the tables."""
    return through(postgres.owner() if connection.vendor == "postgresql" else {})


def _refuse_another_kind(about: About) -> None:
    if about.database.vendor != connection.vendor:
        raise NotRestorable(
            f"The backup is of {about.database.vendor}, this installation is set to {connection.vendor}. "
            "Set DATABASE_URL to a database of the same kind."
        )


def _refuse_older_code(about: About) -> None:
    there = MigrationLoader(None).disk_migrations
    unknown = [f"{app}.{name}" for app, name in about.migrations.items() if (app, name) not in there]
    if unknown:
        raise NotRestorable(
            f"The backup was made by a newer Assay ({about.assay}): this one does not know {', '.join(unknown)}. "
            "Install that version or a later one."
        )


def _is_older(about: About) -> bool:
    loader = MigrationLoader(None)
    return any(about.migrations.get(app, "") < name for app, name in newest(loader.graph.leaf_nodes()).items())


def _secrets(about: About, *, is_allowed: bool) -> list[str]:
    """Refuse other secrets than those of the backup, or say what going on without them means."""
    names = others(about.secrets)
    if names and not is_allowed:
        places = "".join(
            f"\n{name}: set {name} or {name}_FILE, or put it into {settings.ASSAY_DATA / 'secrets' / name.lower()}; "
            f"without it {LOST[name]}."
            for name in names
        )
        raise NotRestorable(
            f"The backup was made with other secrets. Bring back {', '.join(names)}; if that is lost, "
            f"--without-secrets goes on.{places}"
        )
    return [f"{name} is another one: {LOST[name]}." for name in names]


def _refuse_running() -> None:
    """Refuse while `make run` holds the data folder; elsewhere the database's own locks have to tell."""
    lock = settings.ASSAY_DATA / "run.lock"
    if not lock.exists():
        return
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotRestorable("Assay is running on this data folder. Stop it and begin again.") from error


def _losses(about: About, *, is_allowed: bool) -> list[str]:
    """Refuse a database that holds records, or say what of it is lost."""
    try:
        if vendor().is_free():
            return []
        with _as_owner():
            here = logs_here()
    except DatabaseError as error:
        lost = [f"The database here cannot be read ({str(error).strip()}): whatever is in it is lost."]
    else:
        coming = {log.origin: log for log in about.logs}
        lost = [_loss(log.aims or log.origin, log.size, log.root, coming.get(log.origin)) for log in here]
    if not is_allowed:
        raise NotRestorable(
            "The database holds records already. --over puts the backup in their place, and then:\n" + "\n".join(lost)
        )
    return lost


def _loss(name: str, size: int, root: str, coming: Log | None) -> str:
    if coming is None:
        return f"{name}: {size} records are here, none in the backup: all of them are lost."
    if coming.size < size:
        return f"{name}: {size} records are here, {coming.size} in the backup: the last {size - coming.size} are lost."
    if coming.size == size and coming.root == root:
        return f"{name}: the same {size} records are here and in the backup."
    return f"{name}: {size} records are here, {coming.size} in the backup."


def _unlike(about: About) -> Iterator[str]:
    """Compare the heads that were restored with those that `backup.json` names."""
    found = {held.origin: (held.size, held.root) for held in logs_here()}
    for log in about.logs:
        if found.pop(log.origin, None) != (log.size, log.root):
            yield f"{log.aims or log.origin}: the database holds another log than backup.json names."
    for origin in found:
        yield f"{origin}: the database holds a log that backup.json does not name."


def _rolled_back(about: About) -> Iterator[str]:
    """Name the logs that were signed further than the backup goes, by what is known outside the database."""
    for log in about.logs:
        outside = known.newest(log.origin)
        if outside is not None and outside.size > log.size:
            name = log.aims or log.origin
            yield (
                f"{name}: {log.size} records were restored, but a checkpoint over {outside.size} was signed. Sealing "
                f"will refuse ({ROLLBACK}) until an administrator resumes the log: "
                f"manage.py resume_log --aims {name} --as EMAIL --reason …"
            )
