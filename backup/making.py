"""Make a backup: sign what the logs hold, take a snapshot of the database, then copy the files it names."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from django.db import OperationalError, connection

from accounts import clock
from accounts.refusals import Refusal
from backup import describing, postgres, sqlite
from backup.files import Copying, sum_of
from backup.fingerprints import fingerprints
from backup.folder import made_whole, refuse_taken
from backup.form import DUMPS, About, Database, Files
from backup.refusals import NotMade
from evidence.integrity.holdings import Holdings
from jobs.actions import note_backup
from ledger.actions import checkpoint, seal_waiting
from ledger.actions.record import instant
from ledger.models import Log


class Vendor(Protocol):
    """What a kind of database has to offer."""

    def server(self) -> str: ...

    def roles(self) -> tuple[str, ...]: ...

    def snapshot(self, file: Path) -> AbstractContextManager[None]: ...

    def is_free(self) -> bool: ...

    def check_dump(self, file: Path, about: About) -> None: ...

    def restore(self, file: Path, about: About) -> None: ...


def vendor() -> Vendor:
    """Return the kind of the configured database."""
    module: ModuleType = {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]
    return cast("Vendor", module)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup, the SHA-256 (hex) of its `backup.json`, and what a person should know."""

    about: About
    mark: str
    warnings: tuple[str, ...]


def make_backup(out: Path) -> Made:
    """Back everything up into a folder that is there whole or not at all; raises NotMade and NoProgram.

    The database comes first: what is given while files are copied belongs to the next backup, and every file that the
    snapshot names was there before it.
    """
    refuse_taken(out)
    warnings = list(_sign())
    with made_whole(out) as folder, Holdings() as holdings:
        described = _snapshot(folder, holdings)
        about = described(Copying(folder, holdings).copy())
        mark = sha256(about.write(folder)).hexdigest()
    note_backup()
    files = about.files
    warnings += [f"Not in the backup: {fault}." for fault in files.not_kept]
    if more := files.altered + files.missing - len(files.not_kept):
        warnings.append(f"{more} more files are not in the backup.")
    return Made(about, mark, tuple(warnings))


def _snapshot(folder: Path, holdings: Holdings) -> Callable[[Files], About]:
    """Dump the database and note the files it names; return its description, which only lacks what became of them."""
    kind = vendor()
    dump = folder / DUMPS[connection.vendor]
    server = kind.server()
    with kind.snapshot(dump):
        made_at = instant(clock.now())
        logs, migrations, roles = describing.logs(), describing.migrations(), kind.roles()
        if not logs and not kind.is_free():
            raise NotMade("The database holds records, but none of its logs can be read. Nothing was kept.")
        describing.take_files(holdings)
    copied = sum_of(dump)
    database = Database(connection.vendor, server, dump.name, copied.sha256, copied.size, roles)
    secrets = fingerprints()
    return lambda files: About(describing.version(), made_at, database, migrations, logs, files, secrets)


def _sign() -> Iterator[str]:
    """Have every log numbered and signed as far as it goes; one that cannot be is backed up as it is."""
    seal_waiting()
    for aims_id, origin in list(Log.unscoped.order_by("pk").values_list("aims_id", "origin")):
        try:
            checkpoint(aims_id)
        except Refusal as refusal:
            yield f"{origin} has no checkpoint over all its records: {refusal.message}"
        except (OperationalError, OSError) as error:
            yield f"{origin} may have no checkpoint over all its records: {error}"
