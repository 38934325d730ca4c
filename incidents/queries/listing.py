"""The list of incidents: searched, filtered, sorted and paged in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from incidents.law import Severity, severity_of
from incidents.models import Incident
from incidents.timing import left, moment
from incidents.words import MARKS, OPEN, Kind, Standing, State

SORTS = {
    "code": ("noticed_at", "pk"),
    "severity": ("severity", "-noticed_at"),
    "system": ("system__name", "-noticed_at"),
    "state": ("state", "-noticed_at"),
    "due": ("next_due", "-noticed_at"),
}
DEFAULT = "-code"
NAMES = ("q", "tab", "severity", "kind", "system", "sort")
TABS = {"all": Q(), "open": Q(state__in=OPEN), "owed": Q(owed__gt=0), "closed": Q(state=State.CLOSED)}


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One row of the list, with finished strings."""

    address: str
    code: str
    title: str
    system: str
    kind: str
    severity: Severity | None
    state: str
    glyph: str
    tone: str
    noticed: str
    owner: str
    owner_initials: str
    owed: int
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each, for the tabs."""

    all: int
    open: int
    owed: int
    closed: int


def incident_rows(asked: dict[str, str]) -> QuerySet[Incident]:
    """Return the incidents that match, with `owed` notifications and the `next_due` of them."""
    rows = _owed(Incident.objects.select_related("system", "owner"))
    if words := asked.get("q", "").strip():
        for word in words.split()[:8]:
            rows = rows.filter(
                Q(code__icontains=word)
                | Q(title__icontains=word)
                | Q(what__icontains=word)
                | Q(system__name__icontains=word)
                | Q(system__code__icontains=word)
            )
    rows = rows.filter(TABS.get(asked.get("tab", ""), Q()))
    if asked.get("severity", "") in {"1", "2", "3", "4"}:
        rows = rows.filter(severity=int(asked["severity"]))
    elif asked.get("severity") == "unsaid":
        rows = rows.filter(severity__isnull=True)
    if asked.get("kind") in Kind.values:
        rows = rows.filter(kind=asked["kind"])
    if asked.get("system"):
        rows = rows.filter(system__code=asked["system"])
    return rows.order_by(*_order(asked.get("sort") or DEFAULT))


def counts() -> Counts:
    """Count incidents for the tabs: one query."""
    owed = Q(notifications__state=Standing.DUE)
    told = Incident.objects.aggregate(
        all=Count("pk", distinct=True),
        open=Count("pk", filter=Q(state__in=OPEN), distinct=True),
        owed=Count("pk", filter=owed, distinct=True),
        closed=Count("pk", filter=Q(state=State.CLOSED), distinct=True),
    )
    return Counts(**told)


def incident_line(row: Any, base: str, time_zone: str, now: datetime) -> IncidentLine:
    """Return a row as the list prints it; `base` is the list's address."""
    glyph, tone = MARKS[row.state]
    return IncidentLine(
        address=f"{base}{row.code}/",
        code=row.code,
        title=row.title,
        system=str(row.system),
        kind=str(row.get_kind_display()),
        severity=severity_of(row.severity),
        state=str(row.get_state_display()),
        glyph=glyph,
        tone=tone,
        noticed=moment(row.noticed_at, time_zone),
        owner=row.owner.display_name if row.owner else "",
        owner_initials=row.owner.initials if row.owner else "",
        owed=row.owed,
        due=left(row.next_due, now) if row.owed else "",
        is_late=bool(row.owed and row.next_due and row.next_due < now),
    )


def _owed(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    due = Q(notifications__state=Standing.DUE)
    return rows.annotate(owed=Count("notifications", filter=due), next_due=Min("notifications__due_at", filter=due))


def _order(sort: str) -> list[Any]:
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    first, *rest = SORTS.get(name, SORTS["code"])
    field = F(first)
    return [field.desc(nulls_last=True) if is_down else field.asc(nulls_last=True), *rest, "pk"]
