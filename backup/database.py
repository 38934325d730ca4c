"""What both databases share: reading through another connection for a while, and what lies in a database already."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

RECORDS = "ledger_record"


@dataclass(frozen=True, slots=True)
class Held:
    """A log that is in a database: the slug of its AIMS, its origin, size and root."""

    aims: str
    origin: str
    size: int
    root: str


@contextmanager
def through(settings: dict[str, Any]) -> Iterator[None]:
    """Let everything in the block go through a connection of its own, with these settings in place of the usual."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = type(before)(before.settings_dict | settings, DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = before


def logs_here() -> list[Held]:
    """Return the logs of the database in use, read without the models: its tables may be those of another version."""
    query = """SELECT coalesce(a.slug, ''), l.origin, l.size, l.root
        FROM ledger_log l LEFT JOIN aims_aims a ON a.id = l.aims_id ORDER BY l.id"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [Held(*row) for row in cursor.fetchall()]


def has_table(name: str) -> bool:
    """Whether the database in use has a table."""
    return name in connection.introspection.table_names()


def end_sessions() -> None:
    """Forget who was signed in: a session that was ended since the backup must not come to life again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
