"""The registry's pages as frozen shapes: the list beside, and everything about one system."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.history import rows_at
from ledger.queries import Act, acts_about
from systems.models import AiSystem, Reliance, Stage
from systems.ports import Badge, Fact, Shown, linked_facts, shown_on
from systems.queries import role_labels

PAGE_SIZE = 50
TRACK = (
    Stage.INCEPTION,
    Stage.DESIGN,
    Stage.VERIFICATION,
    Stage.DEPLOYMENT,
    Stage.OPERATION,
    Stage.REEVALUATION,
)
LIVE = (Stage.DEPLOYMENT, Stage.OPERATION, Stage.REEVALUATION)
SCOPES = {"in": Q(is_in_scope=True), "out": Q(is_in_scope=False), "unsaid": Q(is_in_scope__isnull=True)}


@dataclass(frozen=True, slots=True)
class State:
    """A state as shape, colour and words."""

    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class SystemCard:
    """One system of the list."""

    code: str
    name: str
    address: str
    line: str
    owner: str
    state: State


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the life-cycle track: done, current or next."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class RelianceRow:
    """A requirement the system relies on."""

    pk: int
    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class SystemPage:
    """Everything the page of one system prints."""

    code: str
    name: str
    purpose: str
    stage: str
    track: tuple[Step, ...]
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


def found(words: str, stage: str, scope: str, at: datetime | None = None) -> QuerySet[AiSystem]:
    """Return the systems that match a search in names, codes, owners and suppliers, a stage and a scope."""
    rows = rows_at(AiSystem, at).select_related("owner").order_by("code")
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(code__icontains=word)
            | Q(purpose__icontains=word)
            | Q(supplier__icontains=word)
            | Q(owner__name__icontains=word)
        )
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    return rows.filter(SCOPES[scope]) if scope in SCOPES else rows


def cards(rows: QuerySet[AiSystem], slug: str, page: str, query: str) -> tuple[Page[AiSystem], list[SystemCard]]:
    """Return one page of the list with finished addresses; two queries however many systems there are."""
    shown = Paginator(rows, PAGE_SIZE).get_page(page)
    base = reverse("systems:list", args=[slug])
    tail = f"?{query}" if query else ""
    return shown, [_card(row, f"{base}{row.code}/{tail}") for row in shown]


def _card(row: AiSystem, address: str) -> SystemCard:
    line = ", ".join(part for part in (row.code, row.model_version, str(row.get_stage_display())) if part)
    return SystemCard(
        row.code, row.name, address, line, row.owner.display_name if row.owner else _("No owner"), state_of(row)
    )


def system_page(row: AiSystem, actor: Actor, at: datetime | None = None) -> SystemPage:
    """Return a system with its reliances, what other rooms show of it and its history, now or as of an instant."""
    shown = shown_on(row, at, actor)
    links = rows_at(Reliance, at, system=row.pk).select_related("requirement")
    reliances = list(links.order_by("requirement__position", "id"))
    refs = [row.ref, *(link.ref for link in reliances)]
    return SystemPage(
        code=row.code,
        name=row.name,
        purpose=row.purpose,
        stage=str(row.get_stage_display()),
        track=_track(row),
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
        badges=tuple(badge for part in shown for badge in part.badges),
        acts=tuple(acts_about(refs, AiSystem, Reliance, at=at)),
    )


def _track(row: AiSystem) -> tuple[Step, ...]:
    at = TRACK.index(Stage(row.stage)) if row.stage in TRACK else -1
    states = ["done" if number < at else "current" if number == at else "next" for number in range(len(TRACK))]
    return tuple(Step(str(stage.label), state) for stage, state in zip(TRACK, states, strict=True))


def _reliance(link: Reliance) -> RelianceRow:
    return RelianceRow(link.pk, link.requirement.code, link.requirement.title, link.why)


def _by_heading(facts: Iterable[Fact]) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    return tuple((heading, tuple(group)) for heading, group in groupby(facts, key=lambda fact: fact.heading))
