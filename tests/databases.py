"""What only tests may do to a database: act as its owner, who sees every AIMS, and lift guards and walls."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
from django.db import connection, connections

from aims.walls import sqlite
from ledger.guards import guards, install
from ledger.models import Annex

ROLE = ("USER", "PASSWORD", "OPTIONS")


@contextmanager
def owning() -> Iterator[None]:
    """Act as the role that owns the tables; the application's own may neither migrate nor truncate."""
    app = {name: connection.settings_dict[name] for name in ROLE}
    become_owner()
    try:
        yield
    finally:
        _become(app)


def become_owner() -> dict[str, Any]:
    """Connect as the owner from here on and return who we were; without DATABASE_OWNER_URL nothing changes."""
    before = {name: connection.settings_dict[name] for name in ROLE}
    if url := os.environ.get("DATABASE_OWNER_URL"):
        owner = environ.Env.db_url_config(url)
        options = {**connection.settings_dict["OPTIONS"], "options": "-c app.whole=on"}
        _become({"USER": owner["USER"], "PASSWORD": owner["PASSWORD"], "OPTIONS": options})
    return before


def become_app(before: dict[str, Any]) -> None:
    """Connect as the application again."""
    _become(before)


def _become(role: dict[str, Any]) -> None:
    if any(connection.settings_dict[name] != role[name] for name in role):
        connections.close_all()
        connection.settings_dict.update(role)


@contextmanager
def guards_lifted() -> Iterator[None]:
    """Drop every guard and put it back."""
    drop_guards()
    try:
        yield
    finally:
        install()


def drop_guards() -> None:
    """Drop every guard, as somebody would who owns the database and wants to rewrite its past."""
    with connection.cursor() as cursor:
        for guard in guards(connection.vendor):
            where = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{where}")


def drop_walls() -> None:
    """Drop the triggers that hold references within an AIMS (SQLite)."""
    if connection.vendor == "sqlite":
        sqlite.drop(connection)


def reword(old: str, new: str) -> None:
    """Rewrite a text beside the chain, as somebody would who owns the database."""
    with guards_lifted():
        Annex.unscoped.filter(text=old).update(text=new)
