"""Triggers that keep tables append-only, installed after every migration and checked at start (trust.md 1)."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from ledger.models import APPEND_ONLY

_protected: list[type[Model]] = list(APPEND_ONLY)
VERBS = ("UPDATE", "DELETE")
SQLITE = """CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
SQLITE_INSERT = """CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION assay_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
POSTGRES = """CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table}
FOR EACH {level} EXECUTE FUNCTION assay_append_only()"""


def protect(*models: type[Model]) -> None:
    """Keep a room's tables append-only as well; called from `AppConfig.ready`."""
    _protected.extend(model for model in models if model not in _protected)


def _unique_keys(model: type[Model]) -> list[tuple[str, ...]]:
    fields = model._meta.concrete_fields
    keys = [(field.column,) for field in fields if field.primary_key or field.unique]
    for constraint in model._meta.total_unique_constraints:
        keys.append(tuple(model._meta.get_field(name).column for name in constraint.fields))  # type: ignore[union-attr]
    return keys


def _sqlite(model: type[Model]) -> list[str]:
    table = model._meta.db_table
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in _unique_keys(model)
    )
    triggers = [SQLITE.format(name=guard_name(table, verb), verb=verb, table=table) for verb in VERBS]
    return [*triggers, SQLITE_INSERT.format(name=guard_name(table, "INSERT"), table=table, same=same)]


def _postgres(model: type[Model]) -> list[str]:
    table = model._meta.db_table
    levels = [("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")]
    return [
        POSTGRES.format(name=guard_name(table, verb), verb=verb, table=table, level=level) for verb, level in levels
    ]


def guard_name(table: str, verb: str) -> str:
    """Return the trigger's name for a table and a verb."""
    return f"{table}_no_{verb.lower()}"


def install(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Install every guard; running it again changes nothing. Called by `post_migrate`."""
    connection = connections[using]
    on_sqlite = connection.vendor == "sqlite"
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if not on_sqlite:
            cursor.execute(POSTGRES_FUNCTION)
        for model in _protected:
            if model._meta.db_table in existing:
                for statement in (_sqlite if on_sqlite else _postgres)(model):
                    cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the guards that should be there and are not, by name; an altered SQLite table loses its own silently."""
    connection = connections[using]
    on_sqlite = connection.vendor == "sqlite"
    verbs = ("UPDATE", "DELETE", "INSERT" if on_sqlite else "TRUNCATE")
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if on_sqlite else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    expected = [guard_name(model._meta.db_table, verb) for model in _protected for verb in verbs]
    return [name for name in expected if name not in present]
