"""The inventory: every AI system with its unit, owner, scope and stage, and who said so; one query for any number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.cells import csv_bytes, xlsx_bytes
from aims.history import rows_at
from systems.models import AiSystem
from systems.pages import State, scope_of

FIELDS = (
    *("code", "key", "name", "unit", "owning_team", "is_in_scope", "scope_reason", "scope_said_at", "stage"),
    *("claimed_stage", "risk_tier", "owner__name", "owner__email", "scope_said_by__name", "scope_said_by__email"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One system of the inventory, in words."""

    code: str
    key: str
    name: str
    unit: str
    owner: str
    scope: State
    reason: str
    said_by: str
    said_on: date | None
    stage: str


def inventory(time_zone: str, at: datetime | None = None) -> list[Entry]:
    """Return every system, by code, as it stands now or stood at an instant."""
    rows = rows_at(AiSystem, at).select_related("owner", "scope_said_by").order_by("id")
    zone = ZoneInfo(time_zone)
    return [_entry(row, zone) for row in (rows.only(*FIELDS) if at is None else rows)]


def _entry(row: AiSystem, zone: ZoneInfo) -> Entry:
    said_at = row.scope_said_at
    return Entry(
        code=row.code,
        key=row.key,
        name=row.name,
        unit=row.unit,
        owner=row.owner.display_name if row.owner else row.owning_team,
        scope=scope_of(row),
        reason=row.scope_reason,
        said_by=row.scope_said_by.display_name if row.scope_said_by else "",
        said_on=said_at.astimezone(zone).date() if said_at else None,
        stage=str(row.get_stage_display()),
    )


def headings() -> tuple[str, ...]:
    """Return the headings of the table as it leaves."""
    return (
        *(_("Code"), _("Id"), _("Name"), _("Unit"), _("Owner")),
        *(_("Scope"), _("Reason"), _("Said by"), _("Said on"), _("Stage signed")),
    )


def lines(entries: Iterable[Entry]) -> Iterator[tuple[object, ...]]:
    """Return the rows of the table as it leaves."""
    for each in entries:
        yield (
            *(each.code, each.key, each.name, each.unit, each.owner),
            *(each.scope.words, each.reason, each.said_by, each.said_on, each.stage),
        )


def as_csv(entries: Iterable[Entry]) -> bytes:
    """Return the inventory as CSV."""
    return csv_bytes([headings(), *lines(entries)])


def as_xlsx(entries: Iterable[Entry]) -> bytes:
    """Return the inventory as a workbook in which every cell is text."""
    rows = ([_text(value) for value in row] for row in (headings(), *lines(entries)))
    return xlsx_bytes(_("AI systems"), rows)


def _text(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
