"""What is looked at when a process starts: that the database keeps tenants apart, and that this role is bound by it."""

import sys
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, connection

from aims.walls import postgres
from aims.walls.keeping import missing

SHOWN = 5
HINT = "Run `manage.py migrate` as the owner of the tables to put them up again."
INSTALLERS = (["migrate"], ["makemigrations"])


def walls_are_up(**_options: Any) -> list[CheckMessage]:
    """Refuse to start where rows could refer or be read across AIMS; `migrate` may start, as it puts the walls up."""
    if sys.argv[1:2] in INSTALLERS:
        return []
    try:
        absent = missing()
        openings = postgres.openings(connection) if connection.vendor == "postgresql" else []
    except DatabaseError as error:
        return [Warning(f"The walls between AIMS could not be looked at: {error}", id="aims.W001")]
    found: list[CheckMessage] = []
    if absent:
        more = f" and {len(absent) - SHOWN} more" if len(absent) > SHOWN else ""
        told = f"Walls between AIMS are missing from the database: {', '.join(absent[:SHOWN])}{more}."
        found.append(Error(told, hint=HINT, id="aims.E001"))
    return found + [Warning(opening, id="aims.W002") for opening in openings]
