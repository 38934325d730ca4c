"""What is looked at when a process starts: the guards, and the pragma that makes them see REPLACE."""

import sys
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

from ledger.guards import missing
from ledger.holding import SEALER
from ledger.roles import is_divided, may_seal

HINT = "Run `manage.py migrate` to install them again, then `manage.py verify_chain`."
INSTALLERS = (["migrate"], ["makemigrations"])


def guards_are_in_place(**_options: Any) -> list[CheckMessage]:
    """Refuse to start on a ledger that can be rewritten; tables that are not there yet need no guards.

    `migrate` may start, as it puts the guards back.
    """
    if sys.argv[1:2] in INSTALLERS:
        return []
    try:
        absent, is_blind = missing(), _replace_goes_unseen()
    except DatabaseError as error:
        return [Warning(f"The ledger's guards could not be looked at: {error}", id="ledger.W001")]
    found: list[CheckMessage] = []
    if absent:
        found.append(Error(f"Guards are missing from the database: {', '.join(absent)}.", hint=HINT, id="ledger.E001"))
    if is_blind:
        hint = "Add `PRAGMA recursive_triggers=ON;` to the connection's init_command."
        found.append(Error("SQLite runs without recursive_triggers.", hint=hint, id="ledger.E002"))
    return found


def roles_are_divided(**_options: Any) -> list[CheckMessage]:
    """Say when the application may seal although a role of its own is there for that, or that role may not."""
    if sys.argv[1:2] in INSTALLERS or not is_divided():
        return []
    try:
        app, sealer = may_seal(DEFAULT_DB_ALIAS), may_seal(SEALER)
    except DatabaseError as error:
        return [Warning(f"The ledger's roles could not be looked at: {error}", id="ledger.W002")]
    hint = "Run `manage.py migrate` as the owner of the tables, with DATABASE_SEALER_URL set."
    found: list[CheckMessage] = []
    if app:
        found.append(Error("The application's role may number records by itself.", hint=hint, id="ledger.E003"))
    if not sealer:
        found.append(Error("The role of DATABASE_SEALER_URL may not number records.", hint=hint, id="ledger.E004"))
    return found


def _replace_goes_unseen() -> bool:
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        return bool(cursor.fetchone() == (0,))
