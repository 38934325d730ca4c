"""What the workbench prints: finished strings per row, so that a template only puts them in place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from evidence.state import EvidenceState
from soa.checks import Flag
from soa.models import Applicability, Effectiveness, Implementation, Reason
from soa.permissions import may_amend, may_steer
from soa.queries.rows import Row, Sheet

STATUS = {
    Implementation.IMPLEMENTED: ("done", "ok"),
    Implementation.PARTLY: ("half", "info"),
    Implementation.PLANNED: ("none", "none"),
    Implementation.NOT_STARTED: ("none", "none"),
}
EFFECT = {
    Effectiveness.EFFECTIVE: ("done", "ok"),
    Effectiveness.NOT_TESTED: ("none", "none"),
    Effectiveness.NONCONFORMING: ("major", "bad"),
}
EVIDENCE = {
    EvidenceState.CURRENT: ("done", "ok"),
    EvidenceState.DUE: ("due", "warn"),
    EvidenceState.OVERDUE: ("warn", "bad"),
    EvidenceState.NONE: ("bad", "warn"),
    EvidenceState.UNEXPECTED: ("none", "none"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A reason code: its letters and its words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the table, ready to print."""

    code: str
    slug: str
    title: str
    area: str
    address: str
    panel: str
    version: int
    applicability: str
    chips: tuple[Chip, ...]
    why: str
    why_missing: str
    status: str
    status_glyph: str
    status_tone: str
    effect: str
    effect_glyph: str
    effect_tone: str
    owner: str
    initials: str
    evidence_count: int
    evidence_note: str
    evidence_glyph: str
    evidence_tone: str
    evidence_fresh: str
    decided: str
    is_changed: bool
    state: str
    flag: str
    may_decide: bool
    may_amend: bool
    excluded_for: str


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area with its rows and what stands beside its name."""

    code: str
    title: str
    count: str
    rows: tuple[RowView, ...]
    proposed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view with its count."""

    name: str
    label: str
    count: int
    tone: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of the status bar."""

    included: int
    excluded: int
    undecided: int
    blocking: int
    findings: int
    warnings: int


def slug_of(code: str) -> str:
    """Return a control's id as an element id."""
    return code.lower().replace(".", "-")


def flag_address(base: str, flag: Flag) -> str:
    """Return the form that mends a flag; `base` is the workbench's address."""
    if not flag.code:
        return base
    anchors = {"evidence": "?panel", "per_system": "#systems"}
    anchor = anchors.get(flag.field, f"#id-{slug_of(flag.code)}-{flag.field}")
    return f"{base}?control={flag.code}" if anchor == "?panel" else f"{base}{flag.code}/{anchor}"


def tally_of(sheet: Sheet, flags: Iterable[Flag]) -> Tally:
    """Count decisions, rows that block, and open findings."""
    flags = list(flags)
    decisions = [row.rolled.applicability for row in sheet.rows]
    return Tally(
        decisions.count(Applicability.INCLUDED),
        decisions.count(Applicability.EXCLUDED),
        decisions.count(Applicability.UNDECIDED),
        len({flag.code for flag in flags if flag.blocks}),
        sum(len(row.findings) for row in sheet.rows),
        sum(1 for flag in flags if not flag.blocks),
    )


class RowPrinter:
    """Turns rows into what the table prints, for one reader and one draft."""

    def __init__(self, sheet: Sheet, flags: Iterable[Flag], actor: Actor) -> None:
        self.sheet = sheet
        self.actor = actor
        self.blocked = {flag.code: flag for flag in reversed(list(flags)) if flag.blocks}
        self.steers = may_steer(actor)
        self.base = reverse("soa:workbench", args=[sheet.aims.slug])

    def view(self, row: Row) -> RowView:
        """Print one row."""
        entry, code = row.entry, row.code
        out = row.rolled.applicability == Applicability.EXCLUDED
        blocked = self.blocked.get(code)
        status = self._status(row)
        effect = EFFECT[Effectiveness(entry.effectiveness)] if not out else ("", "none")
        return RowView(
            code=code,
            slug=slug_of(code),
            title=row.requirement.title,
            area=row.requirement.area.code if row.requirement.area else "ORG",
            address=f"{self.base}{code}/",
            panel=f"{self.base}?control={code}",
            version=entry.version,
            applicability=entry.applicability,
            chips=tuple(_chips(row)),
            why=entry.why,
            why_missing=str(blocked.message) if blocked and blocked.field in ("why", "per_system") else "",
            status=status[0],
            status_glyph=status[1],
            status_tone=status[2],
            effect="" if out else str(Effectiveness(entry.effectiveness).label),
            effect_glyph=effect[0],
            effect_tone=effect[1],
            owner=entry.owner.display_name if entry.owner else "",
            initials=entry.owner.initials if entry.owner else "",
            **self._evidence(row, is_needed=not out),
            decided=self._decided(row),
            is_changed=code in self.sheet.changed,
            state="error" if blocked and entry.applicability != Applicability.UNDECIDED else "",
            flag="stale" if row.evidence_state == EvidenceState.OVERDUE and not out else "",
            may_decide=self.steers,
            may_amend=may_amend(self.actor, entry),
            excluded_for=", ".join(row.rolled.excluded_for),
        )

    def _status(self, row: Row) -> tuple[str, str, str]:
        if row.rolled.applicability == Applicability.EXCLUDED:
            return _("Not needed"), "", "none"
        degree = Implementation(row.rolled.implementation)
        mark, tone = STATUS[degree]
        return str(degree.label), mark, "none" if row.findings else tone

    def _evidence(self, row: Row, *, is_needed: bool) -> dict[str, Any]:
        state = row.evidence_state
        mark, tone = EVIDENCE[state] if is_needed else ("", "none")
        return {
            "evidence_count": row.evidence.count,
            "evidence_note": _fresh_note(row, self.sheet) if is_needed else "",
            "evidence_glyph": mark,
            "evidence_tone": tone,
            "evidence_fresh": "current" if state == EvidenceState.CURRENT else "other",
        }

    def _decided(self, row: Row) -> str:
        if row.code in self.sheet.changed:
            return _("Draft %(number)s") % {"number": self.sheet.number}
        since = self.sheet.base.get(row.code, {}).get("since")
        return f"v{since}" if since else ""


def _chips(row: Row) -> Iterator[Chip]:
    seen = set()
    for reason in row.entry.reasons:
        if reason["code"] not in seen:
            seen.add(reason["code"])
            yield Chip(reason["code"], str(Reason(reason["code"]).label))


def _fresh_note(row: Row, sheet: Sheet) -> str:
    renewal = row.evidence.next_renewal
    match row.evidence_state:
        case EvidenceState.DUE if renewal:
            return _("due %(days)s d") % {"days": (renewal - sheet.today).days}
        case EvidenceState.OVERDUE if renewal:
            return _("overdue %(days)s d") % {"days": (sheet.today - renewal).days}
        case EvidenceState.NONE:
            return _("none")
        case EvidenceState.UNEXPECTED:
            return _("not expected")
        case _:
            return _("current")


def areas_of(sheet: Sheet, views: Iterable[RowView], proposed: frozenset[str]) -> tuple[AreaView, ...]:
    """Group rows under their areas, own controls last."""
    names = {row.requirement.area.code: row.requirement.area.title for row in sheet.rows if row.requirement.area}
    grouped: dict[str, list[RowView]] = {}
    for view in views:
        grouped.setdefault(view.area, []).append(view)
    return tuple(
        AreaView(
            code,
            names.get(code, _("Own controls")),
            _area_count(sheet, code),
            tuple(rows),
            tuple(row.code for row in rows if row.code in proposed),
        )
        for code, rows in grouped.items()
    )


def _area_count(sheet: Sheet, area: str) -> str:
    rows = [row for row in sheet.rows if (row.requirement.area.code if row.requirement.area else "ORG") == area]
    apply = [row for row in rows if row.rolled.applicability == Applicability.INCLUDED]
    done = sum(row.rolled.implementation == Implementation.IMPLEMENTED for row in apply)
    return _("%(apply)s apply, %(done)s implemented") % {"apply": len(apply), "done": done}
