"""Typed makers of incidents; each goes through the actions."""

from itertools import count
from typing import Any

from accounts.actor import Actor
from incidents.actions import contain, edit_incident, move_incident, report_incident, triage
from incidents.models import Incident
from systems.models import AiSystem
from tests.systems.make import a_system

_number = count(1)


def an_incident(actor: Actor, system: AiSystem | None = None, **said: Any) -> Incident:
    """A reported incident."""
    said = {"title": f"Wrong answer {next(_number)}", "what": "It told a customer wrong.", "kind": "output"} | said
    return report_incident(system or a_system(actor), actor=actor, **said)


def triaged(actor: Actor, incident: Incident | None = None, severity: int = 3, **said: Any) -> Incident:
    """An incident whose severity was said."""
    row = incident or an_incident(actor, **said)
    return triage(row, severity, reason="Few were affected.", seen=row.version, actor=actor)


def resolved(actor: Actor, incident: Incident | None = None, means: str = "limit", **said: Any) -> Incident:
    """An incident that was contained, with cause and lessons written down, and resolved."""
    row = triaged(actor, incident, **said)
    contain(row, means, why="Until it is understood.", seen=row.version, actor=actor)
    row.refresh_from_db()
    row = edit_incident(row, seen=row.version, actor=actor, cause="A stale index.", lessons="Watch the index.")
    return move_incident(row, "resolved", reason="It is put right.", seen=row.version, actor=actor)
