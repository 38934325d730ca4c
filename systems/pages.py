"""The page of one system as a frozen shape: everything that is known about it, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from aims.history import rows_at
from ledger.queries import Act, acts_about
from systems.actions.facts import whole_record
from systems.lifecycle.track import Track, track_of
from systems.models import AiSystem, Reliance, Stage
from systems.ports import Badge, Fact, Shown, linked_facts, shown_on
from systems.queries import role_labels
from systems.record.places import at as place_at
from systems.sections.layout import section_of
from systems.sections.shown import SectionShown, missing_places, shown_sections
from systems.sections.words import word

LIVE = (Stage.DEPLOYMENT, Stage.OPERATION, Stage.REEVALUATION)


@dataclass(frozen=True, slots=True)
class State:
    """A state as shape, colour and words."""

    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class RelianceRow:
    """A requirement the system relies on."""

    pk: int
    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something that nobody has said of the system yet, and where it is said."""

    words: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class SystemPage:
    """Everything the page of one system prints."""

    code: str
    key: str
    name: str
    purpose: str
    description: str
    used_by: str
    stage: str
    life: Track
    state: State
    scope: State
    scope_reason: str
    scope_said_by: str
    scope_said_at: datetime | None
    owner: str
    owner_initials: str
    roles: str
    supplier: str
    model_name: str
    model_version: str
    reliances: tuple[RelianceRow, ...]
    facts: tuple[tuple[str, tuple[Fact, ...]], ...]
    shown: tuple[Shown, ...]
    badges: tuple[Badge, ...]
    sections: tuple[SectionShown, ...]
    steps: tuple[NextStep, ...]
    acts: tuple[Act, ...]


def state_of(row: AiSystem) -> State:
    """Return what the registry says of a system at a glance: retirement first, then scope, then its stage."""
    if row.stage == Stage.RETIRED:
        return State("na", "none", _("Retired"))
    if row.is_in_scope is None:
        return State("due", "warn", _("Scope not said"))
    if not row.is_in_scope:
        return State("none", "none", _("Not in scope"))
    if row.stage == Stage.SUSPENDED:
        return State("warn", "warn", _("Suspended"))
    return (
        State("done", "ok", _("In scope, in use"))
        if row.stage in LIVE
        else State("half", "info", _("In scope, not in use yet"))
    )


def scope_of(row: AiSystem) -> State:
    """Return whether the system is in scope, in words."""
    if row.is_in_scope is None:
        return State("due", "warn", _("Scope not said"))
    return State("done", "ok", _("In scope")) if row.is_in_scope else State("na", "none", _("Not in scope"))


def system_page(row: AiSystem, actor: Actor, at: datetime | None = None) -> SystemPage:
    """Return a system with its reliances, what other rooms show of it and its history, now or as of an instant."""
    shown = shown_on(row, at, actor)
    record = whole_record(row)
    links = rows_at(Reliance, at, system=row.pk).select_related("requirement")
    reliances = list(links.order_by("requirement__position", "id"))
    refs = [row.ref, *(link.ref for link in reliances)]
    return SystemPage(
        code=row.code,
        key=row.key,
        name=row.name,
        purpose=row.purpose,
        description=str(record.get("description") or ""),
        used_by=str(record.get("used_by") or ""),
        stage=str(row.get_stage_display()),
        life=track_of(row, at),
        state=state_of(row),
        scope=scope_of(row),
        scope_reason=row.scope_reason,
        scope_said_by=row.scope_said_by.display_name if row.scope_said_by else "",
        scope_said_at=row.scope_said_at,
        owner=row.owner.display_name if row.owner else "",
        owner_initials=row.owner.initials if row.owner else "",
        roles=", ".join(role_labels(row.roles_played)),
        supplier=row.supplier,
        model_name=row.model_name,
        model_version=row.model_version,
        reliances=tuple(_reliance(link) for link in reliances if link.withdrawn_at is None),
        facts=_by_heading(linked_facts(row, at)),
        shown=tuple(part for part in shown if part.template),
        badges=(*_badges(row, record), *(badge for part in shown for badge in part.badges)),
        sections=shown_sections(record),
        steps=tuple(_steps(row, record)),
        acts=tuple(acts_about(refs, AiSystem, Reliance, at=at)),
    )


def _badges(row: AiSystem, record: dict[str, Any]) -> Iterator[Badge]:
    """Return what a reader must not miss: the tier of the EU AI Act, a stage nobody signed, what is missing."""
    if tier := place_at(record, "classification", "eu_ai_act_tier"):
        basis = place_at(record, "classification", "eu_ai_act", "high_risk_basis")
        words = _("EU AI Act: %s") % word(str(tier)).lower()
        yield Badge(f"{words}, {word(basis)}" if basis in ("annex-i", "annex-iii") else words, "info", "info")
    if row.claimed_stage in Stage.values and row.claimed_stage != row.stage:
        yield Badge(_("Record says %s, not signed") % Stage(row.claimed_stage).label, "warn", "warn")
    if missing := len(missing_places(record)):
        words = ngettext("%d required field missing", "%d required fields missing", missing)
        yield Badge(words % missing, "bad", "bad")


def _steps(row: AiSystem, record: dict[str, Any]) -> Iterator[NextStep]:
    """Return what is missing before anything else can be judged, in the order in which it is best said."""
    base = reverse("systems:detail", args=[row.aims.slug, row.code])
    if row.is_in_scope is None:
        yield NextStep(_("Say whether it is in scope"), _("An auditor asks who said so, and why."), f"{base}scope/")
    by_section: dict[str, list[str]] = {}
    for place in missing_places(record):
        section = section_of(place.path)
        by_section.setdefault(section.slug if section else "", []).append(place.label)
    for slug, labels in by_section.items():
        words = _("Say what is required: %s") % ", ".join(labels)
        yield NextStep(words, _("Policies and gates fail while it is missing."), f"{base}record/{slug}/")
    if row.owner is None and record.get("owner"):
        words = _("Name a person: %s is not someone of the organisation") % record["owner"]
        yield NextStep(words, _("Tasks about the system go to its owner."), f"{base}record/identity/")


def _reliance(link: Reliance) -> RelianceRow:
    return RelianceRow(link.pk, link.requirement.code, link.requirement.title, link.why)


def _by_heading(facts: Iterable[Fact]) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    return tuple((heading, tuple(group)) for heading, group in groupby(facts, key=lambda fact: fact.heading))
