"""The verbs of tasks: open and close."""

from datetime import date
from typing import Any

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from duties.models import Task

__all__ = ["close_tasks", "open_task"]


def open_task(
    kind: str, subject: str, title: str, *, owner_id: int | None, due_on: date | None = None, address: str = ""
) -> Task:
    """Make sure the task stands open; asking again changes its owner and date, never doubles it."""
    fields = {"title": title[:240], "owner_id": owner_id, "due_on": due_on, "address": address}
    key: dict[str, Any] = {"aims_id": current_aims_id(), "kind": kind, "subject": subject, "closed_at": None}
    task, _made = Task.objects.update_or_create(**key, defaults=fields)
    return task


def close_tasks(kind: str, subject: str, *, actor: Actor) -> int:
    """Close what stands open for the subject and return how many."""
    open_tasks = Task.objects.filter(kind=kind, subject=subject, closed_at__isnull=True)
    return open_tasks.update(closed_at=clock.now(), closed_by_id=actor.user_id)
