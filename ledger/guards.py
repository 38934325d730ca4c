"""Triggers that keep tables append-only, or what was frozen as it is, put back after every migration (trust.md 1)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from ledger.models import APPEND_ONLY, Annex

SQLITE = """CREATE TRIGGER {name} BEFORE {verb} ON {table}{when}
BEGIN SELECT RAISE(ABORT, '{table} {says}'); END"""
APPENDED = "is append-only"
POSTGRES_FUNCTION = "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $${source}$$"
POSTGRES_REFUSE = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END "
POSTGRES_UNLESS = " BEGIN IF {broken} THEN RAISE EXCEPTION '% {says}', TG_TABLE_NAME; END IF; RETURN NEW; END "
POSTGRES = """CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table}
FOR EACH {level} EXECUTE FUNCTION {function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"""
POSTGRES_TYPES = {"UPDATE": ("ROW", 19), "DELETE": ("ROW", 11), "TRUNCATE": ("STATEMENT", 34)}
POSTGRES_PRESENT = """SELECT t.tgname, t.tgtype, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgenabled = 'A' AND t.tgqual IS NULL AND p.proname LIKE 'assay\\_%%'"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """What may never happen to a table's rows; `broken` is SQL over OLD and NEW that says when an update breaks it."""

    model: type[Model]
    broken: str = ""
    says: str = APPENDED

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name, the statements that make it, and how the database describes it once it is there."""

    name: str
    table: str
    statements: tuple[str, ...]
    trace: str


ERASING = "{0}.text = '' AND length({0}.salt) = 0"
SAME_ANNEX = "NEW.id = OLD.id AND NEW.record_id = OLD.record_id AND NEW.aims_id = OLD.aims_id AND NEW.field = OLD.field"
ERASABLE = Rule(Annex, f"NOT ({ERASING.format('NEW')} AND {SAME_ANNEX})", "can be erased, not changed")

_rules: list[Rule] = [*(Rule(model) for model in APPEND_ONLY), ERASABLE]


def protect(*models: type[Model]) -> None:
    """Keep a room's tables append-only as well; called from `AppConfig.ready`."""
    _add(*(Rule(model) for model in models))


def keep(model: type[Model], *names: str) -> None:
    """Keep what the fields hold once they hold something, and the rows themselves; called from `AppConfig.ready`."""
    columns: list[str] = [model._meta.get_field(name).column for name in names]  # type: ignore[union-attr,misc]
    broken = " OR ".join(f"(length({old}) > 0 AND {new} <> {old})" for old, new in map(_both, columns))
    _add(Rule(model, broken, f"keeps {', '.join(columns)}"))


def _both(column: str) -> tuple[str, str]:
    """The value before and after as text or bytes that compare; NULL counts as empty and equals nothing that is set."""
    return f"OLD.{column}", f"coalesce(NEW.{column}, '')"


def _add(*rules: Rule) -> None:
    known = {rule.model for rule in _rules}
    _rules.extend(rule for rule in rules if rule.model not in known)


def guard_name(table: str, verb: str) -> str:
    """Return the trigger's name for a table and a verb."""
    return f"{table}_no_{verb.lower()}"


def guards(vendor: str) -> list[Guard]:
    """Return every guard that a database of this kind should have."""
    of_rule = _sqlite if vendor == "sqlite" else _postgres
    return [guard for rule in _rules for guard in of_rule(rule)]


def _sqlite(rule: Rule) -> Iterator[Guard]:
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in _unique_keys(rule.model)
    )
    whens = {
        "UPDATE": f" WHEN {rule.broken}" if rule.broken else "",
        "DELETE": "",
        "INSERT": f"\nWHEN EXISTS (SELECT 1 FROM {rule.table} WHERE {same})",  # noqa: S608  (a table of ours)
    }
    for verb, when in whens.items():
        name, says = guard_name(rule.table, verb), rule.says if verb == "UPDATE" else APPENDED
        statement = SQLITE.format(name=name, verb=verb, table=rule.table, when=when, says=says)
        yield Guard(name, rule.table, (f"DROP TRIGGER IF EXISTS {name}", statement), statement)


def _unique_keys(model: type[Model]) -> list[list[str]]:
    fields = [[field.name] for field in model._meta.concrete_fields if field.primary_key or field.unique]
    groups = [list(constraint.fields) for constraint in model._meta.total_unique_constraints]
    return [[model._meta.get_field(name).column for name in key] for key in fields + groups]  # type: ignore[union-attr,misc]


def _postgres(rule: Rule) -> Iterator[Guard]:
    for verb, (level, kind) in POSTGRES_TYPES.items():
        name = guard_name(rule.table, verb)
        function, source = "assay_append_only", POSTGRES_REFUSE
        if verb == "UPDATE" and rule.broken:
            function, source = f"assay_{name}", POSTGRES_UNLESS.format(broken=rule.broken, says=rule.says)
        statements = (
            POSTGRES_FUNCTION.format(function=function, source=source),
            POSTGRES.format(name=name, verb=verb, table=rule.table, level=level, function=function),
        )
        yield Guard(name, rule.table, statements, f"{kind}{source}")


def install(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Install every guard that is not there as it should be; called by `post_migrate`.

    A table that has rows and no guards was open to rewriting, be it only while a migration altered it: that is logged.
    """
    connection = connections[using]
    absent = _absent(connection)
    with connection.cursor() as cursor:
        for table in sorted({guard.table for guard in absent}):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  (a table of ours)
            if cursor.fetchone():
                logger.warning("Guards were missing from %s and are back: run verify_chain.", table)
        for statement in dict.fromkeys(statement for guard in absent for statement in guard.statements):
            cursor.execute(statement)


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
            return {name: str(sql) for name, sql in cursor.fetchall()}
        cursor.execute(POSTGRES_PRESENT, [])
        return {name: f"{kind}{source}" for name, kind, source in cursor.fetchall()}
