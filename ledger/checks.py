"""What is looked at when a process starts: the guards, and the pragma that makes them see REPLACE."""

import sys
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, connection

from ledger.guards import missing

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


def _replace_goes_unseen() -> bool:
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        return bool(cursor.fetchone() == (0,))
