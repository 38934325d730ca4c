"""Put the walls up after every migration, open them to the migration itself, and say what of them is missing."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from aims.walls import postgres, sqlite
from aims.walls.part import Part


def prepare(using: str = DEFAULT_DB_ALIAS, plan: object = (), **_signal: Any) -> None:
    """Let migrations through, if there are any; called by `pre_migrate`."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        postgres.see_whole(connection, is_on=True)
    elif plan:
        sqlite.drop(connection)


def install(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Put up every part that is not there as it should be, all or none; called by `post_migrate`.

    On PostgreSQL this takes the owner of the tables, and fails where rows refer across AIMS already.
    """
    connection = connections[using]
    absent = _absent(connection)
    if absent:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT set_config('app.whole', 'on', true)")
            for statement in (statement for part in absent for statement in part.statements):
                cursor.execute(statement)
    if connection.vendor == "postgresql":
        postgres.see_whole(connection, is_on=False)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the parts that are not there, or not as they should be, of the tables that are there, by name."""
    return [part.name for part in _absent(connections[using])]


def _absent(connection: BaseDatabaseWrapper) -> list[Part]:
    kind = sqlite if connection.vendor == "sqlite" else postgres
    tables = {"", *connection.introspection.table_names()}
    present = kind.present(connection)
    return [part for part in kind.parts() if part.table in tables and present.get(part.name) != part.trace]
