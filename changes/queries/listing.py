"""The list of changes: searched, filtered, sorted and paged in the database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from aims.history import rows_at
from changes.material import KINDS
from changes.models import UNDECIDED, ChangeRecord, ChangeState
from systems.queries import of_system

SORTS = {
    "code": ("code", "id"),
    "system": ("system_name", "code", "id"),
    "state": ("state", "code", "id"),
    "opened": ("opened_at", "id"),
}
MARKS = {
    ChangeState.OPEN: ("due", "warn"),
    ChangeState.UNDER_TEST: ("half", "info"),
    ChangeState.APPROVED: ("done", "ok"),
    ChangeState.REFUSED: ("bad", "bad"),
    ChangeState.WITHDRAWN: ("na", "none"),
    ChangeState.IN_EFFECT: ("seal", "ok"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as shape, colour and words."""

    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One row of the list."""

    address: str
    code: str
    title: str
    line: str
    system_code: str
    system_name: str
    kinds: str
    mark: Mark
    at: datetime
    opened_at: datetime
    opened_by: str
    decided_at: datetime | None
    decided_by: str
    approve_by: date | None


def change_rows(
    *,
    search: str = "",
    state: str = "",
    kind: str = "",
    system: str = "",
    sort: str = "-opened",
    at: datetime | None = None,
) -> QuerySet[ChangeRecord]:
    """Return the changes that match, now or as they stood at an instant; `state` may be `undecided` too."""
    rows: Any = rows_at(ChangeRecord, at).select_related("system", "opened_by", "decided_by")
    rows = rows.annotate(system_name=of_system("name", at))
    if state == "undecided":
        rows = rows.filter(state__in=UNDECIDED)
    elif state == "emergency":
        rows = rows.filter(is_emergency=True)
    elif state:
        rows = rows.filter(state=state)
    if kind in KINDS:
        rows = rows.annotate(named=Cast("kinds", TextField())).filter(named__contains=f'"{kind}"')
    if system:
        rows = rows.filter(system__code=system)
    if search:
        rows = rows.filter(
            Q(code__icontains=search)
            | Q(title__icontains=search)
            | Q(summary__icontains=search)
            | Q(system_name__icontains=search)
        )
    ordered: QuerySet[ChangeRecord] = rows.order_by(*_order(sort))
    return ordered


def change_line(row: Any, base: str) -> ChangeLine:
    """Return a row as pages print it; `base` is the list's address."""
    return ChangeLine(
        address=f"{base}{row.code}/",
        code=row.code,
        title=row.title,
        line=line_of(row),
        system_code=row.system.code,
        system_name=row.system_name,
        kinds=row.kind_labels,
        mark=mark_of(row),
        at=row.in_effect_at
        or row.decided_at
        or (row.changed_at if row.state == ChangeState.WITHDRAWN else row.opened_at),
        opened_at=row.opened_at,
        opened_by=row.opened_by.display_name if row.opened_by else _("Assay"),
        decided_at=row.decided_at,
        decided_by=row.decided_by.display_name if row.decided_by else "",
        approve_by=row.approve_by,
    )


def mark_of(row: ChangeRecord) -> Mark:
    """Return the state at a glance; what is in effect without approval is told before anything else."""
    if row.is_emergency and row.decided_at is None:
        return Mark("bad", "bad", _("In effect without approval"))
    glyph, tone = MARKS[ChangeState(row.state)]
    return Mark(glyph, tone, str(row.get_state_display()))


def line_of(row: ChangeRecord) -> str:
    """Return the line under a change's title: how it stands, in one sentence."""
    if row.is_emergency and row.decided_at is None:
        return _("Went live without approval. %(why)s") % {"why": row.emergency_reason}
    if row.state == ChangeState.REFUSED:
        return _("Refused: %(why)s") % {"why": row.decision_reason}
    if row.decided_by is not None:
        words = _("Approved by %(who)s after it went live") if row.is_emergency else _("Approved by %(who)s")
        return words % {"who": row.decided_by.display_name}
    return row.summary.split("\n")[0][:160] or row.kind_labels


def _stands_since(row: ChangeRecord) -> datetime:
    """Return when a change took effect, was decided or withdrawn, or else was opened."""
    is_withdrawn = row.state == ChangeState.WITHDRAWN
    return row.in_effect_at or row.decided_at or (row.changed_at if is_withdrawn else row.opened_at)


def _order(sort: str) -> list[Any]:
    first, *rest = SORTS.get(sort.removeprefix("-"), SORTS["opened"])
    is_down = sort.startswith("-")
    column = F(first)
    tail = [f"-{name}" if is_down else name for name in rest]
    return [column.desc(nulls_last=True) if is_down else column.asc(nulls_last=True), *tail]
