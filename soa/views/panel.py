"""The side panel of a control: what it asks, why and how, what changed, proof, systems and risks."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from aims.middleware import AimsRequest
from aims.past import and_then
from controls.models import Requirement
from incidents.queries.beside import incidents_beside
from ledger.models import Record
from soa.checks import Flag
from soa.diff import FieldDiff, field_diffs
from soa.events import DECIDED, IMPORTED
from soa.forms import SystemForm
from soa.models import Applicability, Effectiveness, EntrySystem, Implementation, Performer, Reason
from soa.pages import EFFECT, EVIDENCE, STATUS
from soa.permissions import may_amend, may_decide
from soa.queries.proposals import lines_of
from soa.queries.rows import Row, Sheet
from soa.queries.targets import ReasonTarget, reason_targets
from systems.judging.queries import results_for_control
from systems.queries import SystemFacts

MOST = 25


@dataclass(frozen=True, slots=True)
class Pointer:
    """A reason as the panel prints it."""

    code: str
    label: str
    short: str
    target: str


@dataclass(frozen=True, slots=True)
class SystemLine:
    """A control for one AI system in scope: as the row says, or apart from it."""

    code: str
    name: str
    address: str
    applicability: str
    implementation: str
    glyph: str
    tone: str
    why: str
    is_apart: bool
    form: SystemForm | None
    action: str


def panel_of(
    request: AimsRequest,
    sheet: Sheet,
    row: Row | None,
    flags: tuple[Flag, ...],
    bound: Mapping[str, SystemForm] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return what the panel prints of one row, or nothing when none is chosen."""
    if row is None:
        return {"panel": None}
    codes = [item.code for item in sheet.rows]
    place = codes.index(row.code)
    entry = row.entry
    targets = reason_targets(sheet.at) if any(reason["ref"] for reason in entry.reasons) else {}
    shown = _page_of_systems(request, sheet, row, bound)
    return {
        "panel": row,
        "entry": entry,
        "requirement": Requirement.objects.select_related("area").get(pk=row.requirement.pk),
        "previous": codes[place - 1] if place else "",
        "next": codes[place + 1] if place + 1 < len(codes) else "",
        "facts": _facts(row),
        "pointers": [_pointer(reason, targets) for reason in entry.reasons],
        "performer": _performer(row),
        "diffs": _diffs(sheet, row),
        "base_number": sheet.waiting.number if sheet.waiting else sheet.in_force.number if sheet.in_force else 0,
        "incidents": incidents_beside(row.requirement.pk, request.aims.slug, sheet.at),
        "proof": [(ref, *EVIDENCE[ref.state]) for ref in row.evidence.refs],
        "checked": results_for_control(row.code, sheet.at),
        "systems_page": shown,
        "systems_query": urlencode({"control": row.code}),
        "systems": [_system(request, row, system, number, bound) for number, system in enumerate(shown)],
        "excluded": _excluded(row, sheet) if entry.applicability == Applicability.EXCLUDED else None,
        "proposed": lines_of(row.proposals, sheet.at),
        "recorded": sheet.in_play.answers.get(row.code),
        "row_flags": [flag for flag in flags if flag.code == row.code],
        "may_decide": may_decide(request.actor, entry),
        "may_amend": may_amend(request.actor, entry),
    }


def _excluded(row: Row, sheet: Sheet) -> dict[str, int | None] | None:
    """Return the record number of the exclusion, None in it while it waits for one; its taker has a receipt."""
    acts = Record.objects.filter(subject=row.entry.ref, event__in=[DECIDED.name, IMPORTED.name]).order_by("-pk")
    acts = acts if sheet.at is None else acts.filter(occurred_at__lte=sheet.at)
    found = acts.values_list("leaf__number", flat=True)[:1]
    return {"number": found[0]} if found else None


def _facts(row: Row) -> list[tuple[str, str, str]]:
    effect, degree = Effectiveness(row.entry.effectiveness), Implementation(row.rolled.implementation)
    facts = [(str(Applicability(row.rolled.applicability).label), "", "")]
    if row.rolled.applicability == Applicability.INCLUDED:
        facts.append((str(degree.label), *STATUS[degree]))
        facts.append((str(effect.label), *EFFECT[effect]))
    return facts


def _pointer(reason: dict[str, str], targets: dict[str, ReasonTarget]) -> Pointer:
    target = targets.get(reason["ref"])
    words = target.label if target else reason["ref"].partition(":")[2]
    short = target.code if target else reason["ref"].partition(":")[2]
    return Pointer(reason["code"], str(Reason(reason["code"]).label), short, words)


def _performer(row: Row) -> str:
    entry = row.entry
    parts = [str(Performer(entry.performed_by).label), entry.provider]
    parts += [_("agreement %(name)s") % {"name": entry.agreement}] if entry.agreement else []
    return ", ".join(part for part in parts if part)


def _diffs(sheet: Sheet, row: Row) -> tuple[FieldDiff, ...]:
    if row.code not in sheet.changed or not sheet.base:
        return ()
    return field_diffs(sheet.base.get(row.code), row.decision)


def _page_of_systems(
    request: AimsRequest, sheet: Sheet, row: Row, bound: Mapping[str, SystemForm]
) -> Page[SystemFacts]:
    """Return the systems in scope that are shown; where there are many, those that differ stand first."""
    systems = list(sheet.systems)
    if len(systems) > MOST:
        apart = {item.system_id for item in row.per_system}
        systems.sort(key=lambda system: system.pk not in apart)
    asked = next((place // MOST + 1 for place, system in enumerate(systems) if system.code in bound), None)
    return Paginator(systems, MOST).get_page(asked or request.GET.get("page"))


def _system(
    request: AimsRequest, row: Row, system: SystemFacts, number: int, bound: Mapping[str, SystemForm]
) -> SystemLine:
    apart = next((item for item in row.per_system if item.system_id == system.pk), None)
    applicability = apart.applicability if apart else row.entry.applicability
    degree = Implementation((apart and apart.implementation) or row.entry.implementation)
    mark, tone = STATUS[degree] if applicability == Applicability.INCLUDED else ("na", "none")
    may_differ = row.entry.applicability == Applicability.INCLUDED and may_decide(request.actor, row.entry)
    slug = request.aims.slug
    return SystemLine(
        system.code,
        system.name,
        reverse("systems:detail", args=[slug, system.code]) + and_then(request, "?"),
        applicability,
        str(degree.label) if applicability == Applicability.INCLUDED else str(Applicability(applicability).label),
        mark,
        tone,
        apart.why if apart else "",
        apart is not None,
        bound.get(system.code) or (_form(apart, applicability, number) if may_differ else None),
        reverse("soa:system", args=[slug, row.code, system.code]),
    )


def _form(apart: EntrySystem | None, applicability: str, number: int) -> SystemForm:
    initial = {
        "seen": apart.version if apart else 0,
        "applicability": applicability,
        "implementation": apart.implementation if apart else "",
        "why": apart.why if apart else "",
    }
    return SystemForm(initial=initial, auto_id=f"sys-{number}-%s")
