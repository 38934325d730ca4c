"""What a person owes, for the overview."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from duties.models import Task

SOON = 14


@dataclass(frozen=True, slots=True)
class MyTask:
    """One open task: what, where to do it, and how it stands as shape, colour and words."""

    pk: int
    kind: str
    subject: str
    title: str
    address: str
    due_on: date | None
    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class MyTasks:
    """The first tasks by date, how many there are in all, and how many of those are overdue."""

    items: tuple[MyTask, ...]
    total: int
    overdue: int


def my_tasks(user: User, *, today: date, limit: int = 8) -> MyTasks:
    """Return what the person owes in the AIMS in context, soonest first, undated last; two queries."""
    rows = Task.objects.filter(owner=user, closed_at__isnull=True)
    shown = rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:limit]
    counts = rows.aggregate(total=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return MyTasks(tuple(_task(row, today) for row in shown), counts["total"], counts["overdue"])


def _task(row: Task, today: date) -> MyTask:
    glyph, tone, words = _state(row.due_on, today)
    return MyTask(row.pk, row.kind, row.subject, row.title, row.address, row.due_on, glyph, tone, words)


def _state(due_on: date | None, today: date) -> tuple[str, str, str]:
    if due_on is None:
        return "none", "none", ""
    days = (due_on - today).days
    if days < 0:
        return "warn", "bad", ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
    words = _("today") if days == 0 else ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return ("due", "warn", words) if days <= SOON else ("none", "none", words)
