"""Everything about one change: what differs, what it demands and how that was met, what it touches, what is missing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aims.history import rows_at
from changes.material import DEMANDS, rules
from changes.models import ChangeRecord, ChangeState, Demand, DemandState, Effect, Touched
from changes.queries.listing import Mark, mark_of
from changes.queries.standing import Lack, lacks_of
from changes.queries.versions import Section, compared, records_at

STATES = {
    DemandState.OPEN: ("due", "warn"),
    DemandState.FAILED: ("bad", "bad"),
    DemandState.MET: ("done", "ok"),
    DemandState.WAIVED: ("na", "none"),
}
EFFECTS = {Effect.UNSAID: ("due", "warn"), Effect.TOUCHED: ("warn", "warn"), Effect.NONE: ("na", "none")}
GROUPS = {
    "assessment": "Impact assessments",
    "risk": "Risks",
    "entry": "Statement of Applicability",
    "evidence": "Evidence",
}


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One demand with how it stands."""

    kind: str
    label: str
    mark: Mark
    told: str
    note: str
    who: str
    at: datetime | None
    meet: str
    waive: str


@dataclass(frozen=True, slots=True)
class TouchedLine:
    """One thing that the change may touch."""

    pk: int
    about: str
    title: str
    why: str
    address: str
    effect: str
    because: str
    mark: Mark
    who: str


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """One change as its page prints it."""

    change: ChangeRecord
    mark: Mark
    demands: tuple[DemandLine, ...]
    touched: tuple[tuple[str, tuple[TouchedLine, ...]], ...]
    sections: tuple[Section, ...]
    lacks: tuple[Lack, ...]
    refs: tuple[str, ...]

    @property
    def unsaid(self) -> int:
        """How many touched things nobody has spoken of."""
        return sum(1 for _heading, lines in self.touched for line in lines if line.effect == Effect.UNSAID)


def change_sheet(change: ChangeRecord, slug: str, at: datetime | None = None) -> ChangeSheet:
    """Return a change with its parts, now or as they stood at an instant; three queries beside the change's own."""
    demands = list(rows_at(Demand, at, change=change.pk).select_related("by").order_by("id"))
    touched = list(rows_at(Touched, at, change=change.pk).select_related("said_by").order_by("id"))
    for demand in demands:
        demand.change = change
    for thing in touched:
        thing.change = change
    return ChangeSheet(
        change=change,
        mark=mark_of(change),
        demands=(*(_demand(row, slug) for row in demands), _approval(change)),
        touched=_by_group(touched),
        sections=_sections(change, at),
        lacks=tuple(lacks_of(change, demands, touched, slug)) if change.is_undecided else (),
        refs=(change.ref, *(row.ref for row in demands), *(row.ref for row in touched)),
    )


def _sections(change: ChangeRecord, at: datetime | None) -> tuple[Section, ...]:
    if change.to_version is None:
        return ()
    records = records_at(change.system, [change.from_version, change.to_version], at=at)
    return compared(records.get(change.from_version, {}), records.get(change.to_version, {}))


def _demand(row: Demand, slug: str) -> DemandLine:
    glyph, tone = STATES[DemandState(row.state)]
    args = [slug, row.change.code, row.kind]
    may_be_waived = rules().demands[row.kind].may_be_waived
    return DemandLine(
        kind=row.kind,
        label=str(row.get_kind_display()),
        mark=Mark(glyph, tone, str(row.get_state_display())),
        told=_told(row),
        note=row.note,
        who=row.by.display_name if row.by else "",
        at=row.at,
        meet=reverse("changes:meet", args=args),
        waive=reverse("changes:waive", args=args) if may_be_waived else "",
    )


def _told(row: Demand) -> str:
    if row.value is not None and row.threshold is not None:
        limit = _("at most %s") if row.lower_is_better else _("at least %s")
        said = {"benchmark": row.benchmark, "value": number(row.value), "limit": limit % number(row.threshold)}
        return _("%(benchmark)s: %(value)s, limit %(limit)s") % said
    if row.share is not None:
        return _("%(share)s %% of the traffic for %(hours)d hours") % {"share": number(row.share), "hours": row.hours}
    return row.reference.partition(":")[2] or row.benchmark


def number(value: Decimal) -> str:
    """Print a number without the noughts that a column adds."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _approval(change: ChangeRecord) -> DemandLine:
    if change.state == ChangeState.REFUSED:
        mark = Mark("bad", "bad", _("Refused"))
    elif change.decided_at is not None:
        mark = Mark("seal", "ok", _("Approved"))
    elif change.state == ChangeState.WITHDRAWN:
        mark = Mark("na", "none", _("Withdrawn"))
    else:
        mark = Mark("due", "warn", _("Open"))
    return DemandLine(
        kind="approval",
        label=str(DEMANDS["approval"]),
        mark=mark,
        told="",
        note=change.decision_reason,
        who=change.decided_by.display_name if change.decided_by else "",
        at=change.decided_at,
        meet="",
        waive="",
    )


def _by_group(rows: list[Touched]) -> tuple[tuple[str, tuple[TouchedLine, ...]], ...]:
    order = list(GROUPS)
    ordered = sorted(rows, key=lambda row: (order.index(row.group) if row.group in order else len(order), row.pk))
    grouped = groupby(ordered, key=lambda row: row.group)
    return tuple((_(GROUPS.get(group, group)), tuple(_touched(row) for row in some)) for group, some in grouped)


def _touched(row: Any) -> TouchedLine:
    glyph, tone = EFFECTS[Effect(row.effect)]
    return TouchedLine(
        pk=row.pk,
        about=row.about,
        title=row.title,
        why=row.why,
        address=row.address,
        effect=row.effect,
        because=row.because,
        mark=Mark(glyph, tone, str(row.get_effect_display())),
        who=row.said_by.display_name if row.said_by else "",
    )
