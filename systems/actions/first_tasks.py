"""Open what a new system needs at once, and close it when its record says that it is there."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from accounts.actor import Actor
from accounts.context import current_aims_id
from aims.models import Aims
from duties.actions import Owed, close_tasks, open_tasks
from duties.models import Task
from systems.first_tasks import FIRST_TASKS, KINDS, RETIRE, tasks_of
from systems.models import AiSystem


def open_first_tasks(systems: Sequence[AiSystem]) -> int:
    """Open the first tasks of new systems for their owners, or for nobody yet; three queries for a hundred systems."""
    slug = Aims.objects.values_list("slug", flat=True).get(pk=current_aims_id())
    base = reverse("systems:list", args=[slug])
    owed = [
        Owed(task.kind, system.ref, task.title(system), system.owner_id, f"{base}{system.code}/")
        for system in systems
        for task in tasks_of(system)
    ]
    return open_tasks(owed)


def keep_first_tasks(system: AiSystem, before: dict[str, Any], owner_id: int | None, *, actor: Actor) -> None:
    """Close what the record says is done by now, and hand the rest to a new owner; no query where neither changed."""
    for task in FIRST_TASKS:
        if task.is_done(system.record) and not task.is_done(before):
            close_tasks(task.kind, system.ref, actor=actor)
    if system.owner_id != owner_id:
        rows = Task.objects.filter(kind__in=KINDS, subject=system.ref, closed_at__isnull=True)
        rows.update(owner_id=system.owner_id)


def close_first_tasks(system: AiSystem, *, actor: Actor) -> None:
    """Close everything that a retired system needs no more, and the request to retire it."""
    for kind in (*KINDS, RETIRE):
        close_tasks(kind, system.ref, actor=actor)
