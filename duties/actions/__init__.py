"""The verbs of tasks: open and close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from duties.models import Task

__all__ = ["Owed", "close_tasks", "open_task", "open_tasks"]

BATCH = 500


@dataclass(frozen=True, slots=True)
class Owed:
    """A task that is to stand open."""

    kind: str
    subject: str
    title: str
    owner_id: int | None = None
    address: str = ""


def open_task(
    kind: str, subject: str, title: str, *, owner_id: int | None, due_on: date | None = None, address: str = ""
) -> Task:
    """Make sure the task stands open; asking again changes its owner and date, never doubles it."""
    fields = {"title": title[:240], "owner_id": owner_id, "due_on": due_on, "address": address}
    key: dict[str, Any] = {"aims_id": current_aims_id(), "kind": kind, "subject": subject, "closed_at": None}
    task, _made = Task.objects.update_or_create(**key, defaults=fields)
    return task


def open_tasks(owed: Sequence[Owed]) -> int:
    """Open those that do not stand open yet and return how many; two queries for every five hundred."""
    made = 0
    for start in range(0, len(owed), BATCH):
        some = {(each.kind, each.subject): each for each in owed[start : start + BATCH]}
        kinds, subjects = {kind for kind, _subject in some}, {subject for _kind, subject in some}
        there = Task.objects.filter(kind__in=kinds, subject__in=subjects, closed_at__isnull=True)
        missing = some.keys() - set(there.values_list("kind", "subject"))
        made += len(Task.objects.bulk_create(_task(each) for key, each in some.items() if key in missing))
    return made


def _task(owed: Owed) -> Task:
    return Task(
        aims_id=current_aims_id(),
        kind=owed.kind,
        subject=owed.subject,
        title=owed.title[:240],
        owner_id=owed.owner_id,
        address=owed.address,
    )


def close_tasks(kind: str, subject: str, *, actor: Actor) -> int:
    """Close what stands open for the subject and return how many."""
    open_tasks = Task.objects.filter(kind=kind, subject=subject, closed_at__isnull=True)
    return open_tasks.update(closed_at=clock.now(), closed_by_id=actor.user_id)
