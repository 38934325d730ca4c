"""SQLite: triggers that refuse a reference into another AIMS, and a row that moves to one."""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from aims.walls.part import Part
from aims.walls.references import AIMS, Reference, Tenant, references, tenants
from aims.walls.rules import on_sqlite

TRIGGER = """CREATE TRIGGER {name} BEFORE {verb} ON {table}
BEGIN SELECT CASE
{cases}
END; END"""
CASE = "WHEN {broken} THEN RAISE(ABORT, '{says}')"
MOVED = f"NEW.{AIMS} IS NOT OLD.{AIMS}"
PREFIX = "walls_"


def parts() -> list[Part]:
    """Return the triggers that a database should have.

    Every new connection reads them all, which takes time, so history, to which rows are only added, has one of them.
    """
    mine: dict[str, list[Reference]] = {}
    for reference in references():
        mine.setdefault(reference.child.table, []).append(reference)
    return [part for tenant in tenants() for part in _parts(tenant, mine.get(tenant.table, []))] + on_sqlite()


def _parts(tenant: Tenant, mine: list[Reference]) -> Iterator[Part]:
    if mine:
        yield _part(tenant.table, "INSERT", [_case(reference.broken(), reference.says) for reference in mine])
    if tenant.is_history:
        return
    moved = _case(MOVED, f"{tenant.table} stays in its AIMS")
    changed = [_case(f"NEW.{one.column} IS NOT OLD.{one.column} AND {one.broken()}", one.says) for one in mine]
    columns = ", ".join(dict.fromkeys([AIMS, *(one.column for one in mine)]))
    yield _part(tenant.table, f"UPDATE OF {columns}", [moved, *changed])


def _case(broken: str, says: str) -> str:
    return CASE.format(broken=broken, says=says)


def _part(table: str, verb: str, cases: list[str]) -> Part:
    name = f"{PREFIX}{table}_{verb.split()[0].lower()}"
    statement = TRIGGER.format(name=name, verb=verb, table=table, cases="\n".join(cases))
    return Part(name, table, (f"DROP TRIGGER IF EXISTS {name}", statement), statement)


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the triggers of the walls that are there, with what makes each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'walls\\_%' ESCAPE '\\'"
        )
        return {name: str(sql) for name, sql in cursor.fetchall()}


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down: while a table is made anew, SQLite renames none that a trigger of another one names."""
    with connection.cursor() as cursor:
        for name in present(connection):
            cursor.execute(f"DROP TRIGGER {name}")
