"""The list of AI systems: what narrows and sorts it, its cards and its counts; few queries however many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from aims.history import rows_at
from aims.queries import people
from systems.models import AiSystem, Stage
from systems.pages import State, state_of
from systems.record.schema import schema
from systems.sections.words import word

PAGE_SIZE = 50
MOST_UNITS = 300
NOBODY, UNKNOWN = "nobody", "unknown"
SCOPES = {"in": Q(is_in_scope=True), "out": Q(is_in_scope=False), "unsaid": Q(is_in_scope__isnull=True)}
REQUIRED = ("owning_team", "environment", "data_sensitivity", "risk_tier", "claimed_stage")
GAPS = Q(*((name, "") for name in REQUIRED), _connector=Q.OR)
UNSIGNED = ~Q(claimed_stage="") & ~Q(claimed_stage=F("stage"))
WORDS = {"risk": "risk_tier", "sensitivity": "data_sensitivity", "environment": "environment"}
SHOWN = ("code", "name", "stage", "is_in_scope", "model_version", "risk_tier", "version", "owner__name", "owner__email")
SORTS = (
    ("code", later("Reference")),
    ("name", later("Name")),
    ("risk", later("Highest risk first")),
    ("stage", later("Stage")),
    ("changed", later("Changed last first")),
)
FILTERS = ("q", "stage", "scope", "risk", "sensitivity", "environment", "unit", "owner", "gaps", "claim", "sort")


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
class Counts:
    """How many systems there are, and how many of them lack a word that is due."""

    all: int
    unsaid: int
    gaps: int
    unsigned: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of the list: its name in addresses, what it is called, and what one may choose."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def found(asked: Mapping[str, str], at: datetime | None = None) -> QuerySet[AiSystem]:
    """Return the systems that match a search in names, codes, purposes, owners and suppliers, and every filter."""
    rows = rows_at(AiSystem, at).select_related("owner")
    for text in asked.get("q", "").split()[:8]:
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(code__icontains=text)
            | Q(key__icontains=text)
            | Q(purpose__icontains=text)
            | Q(supplier__icontains=text)
            | Q(owning_team__icontains=text)
            | Q(owner__name__icontains=text)
        )
    for condition in _conditions(asked):
        rows = rows.filter(condition)
    return in_order(rows, asked.get("sort", ""))


def _conditions(asked: Mapping[str, str]) -> list[Q]:
    said = [SCOPES[asked["scope"]]] if asked.get("scope") in SCOPES else []
    said += [Q(stage=asked["stage"])] if asked.get("stage") in Stage.values else []
    for name, column in WORDS.items():
        if value := asked.get(name):
            said.append(Q(**{column: "" if value == UNKNOWN else value}))
    if unit := asked.get("unit"):
        said.append(Q(unit=unit))
    if owner := asked.get("owner"):
        said.append(Q(owner__isnull=True) if owner == NOBODY else Q(owner_id=_key(owner)))
    said += [GAPS] if asked.get("gaps") == "yes" else []
    return said + ([UNSIGNED] if asked.get("claim") == "unsigned" else [])


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def in_order(rows: QuerySet[AiSystem], by: str) -> QuerySet[AiSystem]:
    """Sort systems; by code, as they were registered, where nothing else is asked."""
    match by:
        case "name":
            return rows.order_by(Lower("name"), "id")
        case "risk":
            tiers = schema()["properties"]["classification"]["properties"]["risk_tier"]["enum"]
            return rows.order_by(_placed("risk_tier", tuple(reversed(tiers))), "id")
        case "stage":
            return rows.order_by(_placed("stage", tuple(Stage.values)), "id")
        case "changed":
            return rows.order_by("-changed_at", "-id")
    return rows.order_by("id")


def _placed(column: str, values: tuple[str, ...]) -> Case:
    places = (When(**{column: value}, then=Value(place)) for place, value in enumerate(values))
    return Case(*places, default=Value(len(values)), output_field=IntegerField())


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of the list; where all systems are listed their number is known already."""

    known: int | None = None

    @cached_property
    def count(self) -> int:
        """Return how many there are."""
        rows: Any = self.object_list
        return int(rows.count()) if self.known is None else self.known


def cards(
    rows: QuerySet[AiSystem], slug: str, page: str, query: str, *, at: datetime | None, known: int | None = None
) -> tuple[Page[AiSystem], list[SystemCard]]:
    """Return one page of the list with finished addresses; at most two queries however many systems there are."""
    pages = Pages(rows if at else rows.only(*SHOWN), PAGE_SIZE)
    pages.known = known
    shown = pages.get_page(page)
    base = reverse("systems:list", args=[slug])
    tail = f"?{query}" if query else ""
    return shown, [_card(row, f"{base}{row.code}/{tail}") for row in shown]


def _card(row: AiSystem, address: str) -> SystemCard:
    line = ", ".join(part for part in (row.code, row.model_version, str(row.get_stage_display())) if part)
    owner = row.owner.display_name if row.owner else _("No owner")
    who = _("%(owner)s, %(risk)s risk") % {"owner": owner, "risk": word(row.risk_tier).lower()}
    return SystemCard(row.code, row.name, address, line, who if row.risk_tier else owner, state_of(row))


def counts(at: datetime | None = None) -> Counts:
    """Count all systems, and those that lack a word; one query."""
    told: dict[str, Any] = {"every": Count("id"), "unsaid": Count("id", filter=SCOPES["unsaid"] & ~Q(stage="retired"))}
    told |= {"gaps": Count("id", filter=GAPS), "unsigned": Count("id", filter=UNSIGNED)}
    numbers = rows_at(AiSystem, at).order_by().aggregate(**told)
    return Counts(numbers["every"], numbers["unsaid"], numbers["gaps"], numbers["unsigned"])


def choices(asked: Mapping[str, str], at: datetime | None = None) -> list[Choice]:
    """Return the filters with what one may choose; two queries."""
    rule = schema()["properties"]
    enums = {
        "risk": rule["classification"]["properties"]["risk_tier"]["enum"],
        "sensitivity": rule["classification"]["properties"]["data_sensitivity"]["enum"],
        "environment": rule["deployment"]["properties"]["environment"]["enum"],
    }
    rows = rows_at(AiSystem, at).exclude(unit="")
    units = rows.order_by("unit").values_list("unit", flat=True).distinct()[:MOST_UNITS]
    owners = people().values_list("pk", "name", "email")
    options: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("stage", _("Any stage"), [(value, str(label)) for value, label in Stage.choices]),
        ("scope", _("Any scope"), [("in", _("In scope")), ("out", _("Not in scope")), ("unsaid", _("Scope not said"))]),
        ("risk", _("Any risk tier"), [*_worded(enums["risk"]), (UNKNOWN, _("Risk not known"))]),
        ("sensitivity", _("Any data"), [*_worded(enums["sensitivity"]), (UNKNOWN, _("Data not known"))]),
        ("environment", _("Any environment"), [*_worded(enums["environment"]), (UNKNOWN, _("Environment not known"))]),
        ("unit", _("Any unit"), [(unit, unit) for unit in units]),
        ("owner", _("Any owner"), [(NOBODY, _("Nobody")), *((str(pk), name or email) for pk, name, email in owners)]),
        ("gaps", _("Complete or not"), [("yes", _("Required fields missing"))]),
        ("claim", _("Any claim"), [("unsigned", _("Stage claimed, not signed"))]),
    ]
    return [Choice(name, label, tuple(each), asked.get(name, "")) for name, label, each in options]


def _worded(values: list[str]) -> list[tuple[str, str]]:
    return [(value, word(value)) for value in values]
