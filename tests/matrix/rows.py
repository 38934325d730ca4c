"""The tenant's rows as the database keeps them: every table, what stands in it, and where its keys lead."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.context import acting_in
from accounts.models import User
from aims.models import Aims
from jobs.models import Attachment
from tests.matrix.tenant import Tenant

WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?([a-z_0-9]+)"?', re.IGNORECASE)
OWN_TABLES: dict[type[models.Model], str] = {
    Aims: "a.id = %s",
    Aims.history.model: "a.id = %s",
    Attachment: "a.delivery_id IN (SELECT id FROM jobs_delivery WHERE aims_id = %s)",
}


@cache
def tenant_models() -> dict[str, type[models.Model]]:
    """Every model whose rows belong to an AIMS, by its table."""
    kept = [model for model in apps.get_models() if model in OWN_TABLES or _names_aims(model)]
    return {model._meta.db_table: model for model in kept}


def _names_aims(model: type[models.Model]) -> bool:
    return any(field.column == "aims_id" for field in model._meta.concrete_fields)


def where(model: type[models.Model]) -> str:
    """The condition under which a row, called `a`, is an AIMS's."""
    return OWN_TABLES.get(model, "a.aims_id = %s")


def rows_of(tenant: Tenant, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table that belong to the tenant, as they lie there, in the order of their keys."""
    model = tenant_models()[table]
    key = model._meta.pk.column  # type: ignore[union-attr]
    with acting_in(tenant.aims), connection.cursor() as cursor:
        columns = ", ".join(f'a."{field.column}"' for field in model._meta.concrete_fields)
        cursor.execute(f"SELECT {columns} FROM {table} a WHERE {where(model)} ORDER BY a.{key}", [tenant.aims.pk])
        return [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in cursor]


def digest(tenant: Tenant, table: str) -> str:
    """One hash over all rows of a table that belong to the tenant."""
    return sha256(repr(rows_of(tenant, table)).encode()).hexdigest()


def digests(tenant: Tenant) -> dict[str, str]:
    """The hash of every table."""
    return {table: digest(tenant, table) for table in tenant_models()}


@contextmanager
def watching() -> Iterator[set[str]]:
    """Collect the tables that are written to; what was not written has not changed."""
    touched: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            touched.add(found[1].lower())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield touched


def straying(ours: Tenant, theirs: Tenant, tables: set[str]) -> list[str]:
    """What in these tables of ours points at a row of theirs, or at somebody who is only theirs."""
    found = []
    with acting_in(ours.aims), connection.cursor() as cursor:
        for table in sorted(tables & tenant_models().keys()):
            for column, sql, params in _links(table, ours, theirs):
                cursor.execute(sql, params)
                found += [f"{table}.{column} of row {row[0]} leads to {row[1]}" for row in cursor]
    return found


def _links(table: str, ours: Tenant, theirs: Tenant) -> Iterator[tuple[str, str, list[Any]]]:
    """A question for each key of a table: what does it hold that is not ours."""
    model = tenant_models()[table]
    key, mine = model._meta.pk.column, where(model)  # type: ignore[union-attr]
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(target, type):
            continue
        base = f"SELECT a.{key}, a.{field.column} FROM {table} a"
        if target is User:
            people = [user.pk for user in theirs.people.values()]
            marks = ", ".join(["%s"] * len(people))
            yield field.column, f"{base} WHERE {mine} AND a.{field.column} IN ({marks})", [ours.aims.pk, *people]
        elif target is Aims:
            yield field.column, f"{base} WHERE {mine} AND a.{field.column} <> %s", [ours.aims.pk, ours.aims.pk]
        elif target in tenant_models().values() and target not in OWN_TABLES:
            other = target._meta.db_table
            key_of = target._meta.pk.column  # type: ignore[union-attr]
            join = f"{base} LEFT JOIN {other} b ON b.{key_of} = a.{field.column}"
            stray = f"a.{field.column} IS NOT NULL AND (b.{key_of} IS NULL OR b.aims_id <> %s)"
            yield field.column, f"{join} WHERE {mine} AND {stray}", [ours.aims.pk, ours.aims.pk]
