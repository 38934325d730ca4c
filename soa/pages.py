"""What the workbench prints: finished strings per row, so that a template only puts them in place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import resolve, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evidence.state import EvidenceState
from soa.checks import Flag
from soa.models import Applicability, Effectiveness, Implementation
from soa.queries.rows import Sheet

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
class RowView:
    """One row of the table, finished: `html` is printed as it is."""

    code: str
    slug: str
    area: str
    address: str
    html: SafeString


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


IN_PANEL = {"evidence": "insp-evidence", "per_system": "systems", "recorded": "recorded"}


def flag_address(base: str, flag: Flag, as_of: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the form that mends a flag, or the panel of its row where it is as of a past date (`as_of` says it).

    `base` is the workbench's address.
    """
    if flag.field == "untreated":
        asked = f"?{urlencode(as_of)}" if as_of else ""
        return reverse("criteria:untreated", args=[resolve(base).kwargs["aims"]]) + asked
    if flag.field not in IN_PANEL and flag.code and not as_of:
        return f"{base}{flag.code}/#id-{slug_of(flag.code)}-{flag.field}"
    asked = urlencode(({"control": flag.code} if flag.code else {}) | dict(as_of))
    return base + (f"?{asked}" if asked else "") + (f"#{IN_PANEL.get(flag.field, 'inspector')}" if flag.code else "")


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
