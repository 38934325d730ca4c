"""Whether this process can serve: each part is asked for real, and named, without a detail that helps a stranger."""

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evidence.store import store

log = logging.getLogger(__name__)
SECONDS = 10


class NotReady(Exception):
    """A part that cannot serve; the message is for those who run the installation."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that serving needs, and why it is not there, or nothing."""

    name: str
    fault: str


def parts() -> list[Part]:
    """Ask every part; each is asked even where another failed."""
    return [Part(name, _fault_of(name, ask)) for name, ask in ASKED.items()]


def _fault_of(name: str, ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as error:
        log.warning("Not ready: %s: %s", name, error, exc_info=True)
        return str(error) or type(error).__name__
    return ""


def ask_database() -> None:
    """Have the database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def unapplied() -> list[str]:
    """Return the migrations that this code knows and the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def ask_migrations() -> None:
    """See that every migration is applied; asked of the database until it once was so."""
    if _applied:
        return
    if missing := unapplied():
        raise NotReady(f"{len(missing)} migrations are not applied")
    _applied.append(True)


_applied: list[bool] = []


def ask_cache() -> None:
    """Write to the cache and read it back; rate limits and replay marks live there."""
    key, value = f"ready:{uuid4().hex}", secrets.token_hex(8)
    cache.set(key, value, SECONDS)
    if cache.get(key) != value:
        raise NotReady("the cache does not keep what it is given")
    cache.delete(key)


def ask_store() -> None:
    """See that a file can be taken in, and that the bucket, if there is one, answers."""
    home = store()
    staging = home.stage(16)
    try:
        staging.write(b"ready")
        staging.finish()
    finally:
        staging.discard()
    if fault := home.fault():
        raise NotReady(fault)
    if settings.EVIDENCE_BUCKET is None and not os.access(Path(settings.EVIDENCE_ROOT), os.W_OK):
        raise NotReady("the folder of files cannot be written to")


ASKED: dict[str, Callable[[], None]] = {
    "database": ask_database,
    "migrations": ask_migrations,
    "cache": ask_cache,
    "store": ask_store,
}
