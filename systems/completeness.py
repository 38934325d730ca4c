"""Which units state that the registry is complete, until when, and what changed since; three queries for any number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from aims.history import rows_at
from systems.models import AiSystem, CompletenessStatement, Stage

DUE_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit: how many systems it has, its statement in force, and how that stands.

    `state` is current, changed, due, overdue or none; `entered` and `left` are the codes that differ since.
    """

    unit: str
    count: int
    row: CompletenessStatement | None
    state: str
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the unit is called; all of them together are the whole organisation."""
        return self.unit or _("The whole organisation")

    @property
    def words(self) -> str:
        """The state in words."""
        return {
            "current": _("Stated"),
            "changed": _("Changed since"),
            "due": _("Due soon"),
            "overdue": _("Overdue"),
            "none": _("Not stated"),
        }[self.state]

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return {"current": "ok", "changed": "warn", "due": "warn", "overdue": "bad", "none": "none"}[self.state]

    @property
    def glyph(self) -> str:
        """The glyph of the state."""
        return {"current": "done", "changed": "half", "due": "due", "overdue": "warn", "none": "none"}[self.state]


def in_force(at: datetime | None = None) -> list[CompletenessStatement]:
    """Return the statement in force of each unit that has one, now or at an instant; one query."""
    rows = rows_at(CompletenessStatement, at).filter(replaced_at__isnull=True, withdrawn_at__isnull=True)
    return list(rows.select_related("stated_by").order_by("unit", "id"))


def unit_lines(today: date, at: datetime | None = None) -> list[UnitLine]:
    """Return the whole organisation and every unit that has systems or a statement, by name."""
    codes: dict[str, list[str]] = defaultdict(list)
    rows = rows_at(AiSystem, at).exclude(stage=Stage.RETIRED).order_by("id")
    for code, unit in rows.values_list("code", "unit"):
        codes[""].append(code)
        if unit:
            codes[unit].append(code)
    stated = {row.unit: row for row in in_force(at)}
    units = sorted(codes.keys() | stated.keys() | {""}, key=lambda unit: (bool(unit), unit.casefold()))
    return [_line(unit, codes.get(unit, []), stated.get(unit), today) for unit in units]


def _line(unit: str, codes: list[str], row: CompletenessStatement | None, today: date) -> UnitLine:
    if row is None:
        return UnitLine(unit, len(codes), None, "none")
    before, now = set(row.systems), set(codes)
    entered, left = _in_order(codes, now - before), _in_order(row.systems, before - now)
    return UnitLine(unit, len(codes), row, _state(row, today, has_changed=bool(entered or left)), entered, left)


def _in_order(codes: Iterable[str], wanted: set[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code in wanted)


def _state(row: CompletenessStatement, today: date, *, has_changed: bool) -> str:
    if row.valid_until < today:
        return "overdue"
    if row.valid_until - DUE_WITHIN <= today:
        return "due"
    return "changed" if has_changed else "current"


def is_due(row: CompletenessStatement, today: date) -> bool:
    """Whether a statement has run out or is about to."""
    return row.valid_until - DUE_WITHIN <= today
