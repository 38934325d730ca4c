"""Triggers that keep tables append-only, installed after every migration and checked at start (trust.md 1)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from ledger.models import APPEND_ONLY

SQLITE = """CREATE TRIGGER {name} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
SQLITE_INSERT = """CREATE TRIGGER {name} BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
REFUSE = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END "
POSTGRES_FUNCTION = f"CREATE OR REPLACE FUNCTION assay_append_only() RETURNS trigger LANGUAGE plpgsql AS $${REFUSE}$$"
POSTGRES = """CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table}
FOR EACH {level} EXECUTE FUNCTION assay_append_only();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"""
POSTGRES_TYPES = {"UPDATE": ("ROW", 19), "DELETE": ("ROW", 11), "TRUNCATE": ("STATEMENT", 34)}
POSTGRES_PRESENT = """SELECT t.tgname, t.tgtype FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgenabled = 'A' AND t.tgqual IS NULL AND p.proname = 'assay_append_only' AND p.prosrc = %s"""

logger = logging.getLogger(__name__)

_protected: list[type[Model]] = list(APPEND_ONLY)


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name, the statement that makes it, and how the database describes it once it is there."""

    name: str
    table: str
    statement: str
    trace: str


def protect(*models: type[Model]) -> None:
    """Keep a room's tables append-only as well; called from `AppConfig.ready`."""
    _protected.extend(model for model in models if model not in _protected)


def guard_name(table: str, verb: str) -> str:
    """Return the trigger's name for a table and a verb."""
    return f"{table}_no_{verb.lower()}"


def guards(vendor: str) -> list[Guard]:
    """Return every guard that a database of this kind should have."""
    of_model = _sqlite if vendor == "sqlite" else _postgres
    return [guard for model in _protected for guard in of_model(model)]


def _sqlite(model: type[Model]) -> Iterator[Guard]:
    table = model._meta.db_table
    for verb in ("UPDATE", "DELETE"):
        statement = SQLITE.format(name=guard_name(table, verb), verb=verb, table=table)
        yield Guard(guard_name(table, verb), table, statement, statement)
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in _unique_keys(model)
    )
    statement = SQLITE_INSERT.format(name=guard_name(table, "INSERT"), table=table, same=same)
    yield Guard(guard_name(table, "INSERT"), table, statement, statement)


def _unique_keys(model: type[Model]) -> list[list[str]]:
    fields = [[field.name] for field in model._meta.concrete_fields if field.primary_key or field.unique]
    groups = [list(constraint.fields) for constraint in model._meta.total_unique_constraints]
    return [[model._meta.get_field(name).column for name in key] for key in fields + groups]  # type: ignore[union-attr,misc]


def _postgres(model: type[Model]) -> Iterator[Guard]:
    table = model._meta.db_table
    for verb, (level, kind) in POSTGRES_TYPES.items():
        name = guard_name(table, verb)
        yield Guard(name, table, POSTGRES.format(name=name, verb=verb, table=table, level=level), str(kind))


def install(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Install every guard that is not there as it should be; called by `post_migrate`.

    A table that has rows and no guards was open to rewriting, be it only while a migration altered it: that is logged.
    """
    connection = connections[using]
    on_sqlite = connection.vendor == "sqlite"
    absent = _absent(connection)
    with connection.cursor() as cursor:
        if absent and not on_sqlite:
            cursor.execute(POSTGRES_FUNCTION)
        for table in sorted({guard.table for guard in absent}):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  (a table of ours)
            if cursor.fetchone():
                logger.warning("Guards were missing from %s and are back: run verify_chain.", table)
        for guard in absent:
            if on_sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
            cursor.execute(guard.statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the guards that are not there, or not as they should be, of the tables that are there, by name."""
    return [guard.name for guard in _absent(connections[using])]


def _absent(connection: BaseDatabaseWrapper) -> list[Guard]:
    """A trigger of the same name that is switched off, or does something else, counts as absent."""
    tables = set(connection.introspection.table_names())
    present = _present(connection)
    expected = [guard for guard in guards(connection.vendor) if guard.table in tables]
    return [guard for guard in expected if present.get(guard.name) != guard.trace]


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(POSTGRES_PRESENT, [REFUSE])
        return {name: str(trace) for name, trace in cursor.fetchall()}
