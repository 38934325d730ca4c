"""Views, filters and search over the statement's rows; all in memory, for a statement has tens of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from soa.checks import Flag
from soa.labels import labels
from soa.models import Applicability, Implementation
from soa.pages import Tab
from soa.queries.rows import Row, Sheet

STATUSES = [*Implementation.choices, ("excluded", _("Excluded")), ("undecided", _("Undecided"))]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader asked to see."""

    view: str = "all"
    status: str = ""
    owner: str = ""
    reason: str = ""
    area: str = ""
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Choice":
        """Read the address; unknown views show all rows."""
        view = query.get("view", "all")
        return cls(
            view if view in VIEWS else "all",
            query.get("status", ""),
            query.get("owner", ""),
            query.get("reason", ""),
            query.get("area", ""),
            query.get("q", "").strip(),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view narrows the list."""
        return any((self.status, self.owner, self.reason, self.area, self.search))


def _mine(row: Row, actor: Actor, _sheet: Sheet, _flagged: frozenset[str]) -> bool:
    return actor.user_id is not None and row.entry.owner_id == actor.user_id


def _changed(row: Row, _actor: Actor, sheet: Sheet, _flagged: frozenset[str]) -> bool:
    return row.code in sheet.changed


def _attention(row: Row, _actor: Actor, _sheet: Sheet, flagged: frozenset[str]) -> bool:
    return row.code in flagged


def _excluded(row: Row, _actor: Actor, _sheet: Sheet, _flagged: frozenset[str]) -> bool:
    return row.entry.applicability == Applicability.EXCLUDED or bool(row.rolled.excluded_for)


Chooser = Callable[[Row, Actor, Sheet, frozenset[str]], bool]
VIEWS: dict[str, tuple[Any, Chooser]] = {
    "all": (_("All"), lambda *_args: True),
    "mine": (_("Mine"), _mine),
    "changed": (_("Changed"), _changed),
    "attention": (_("Needs attention"), _attention),
    "excluded": (_("Excluded"), _excluded),
}


def tabs_of(sheet: Sheet, flags: tuple[Flag, ...], actor: Actor, choice: Choice) -> tuple[Tab, ...]:
    """Return the views with their counts."""
    flagged = frozenset(flag.code for flag in flags)
    counts = {
        name: sum(chooser(row, actor, sheet, flagged) for row in sheet.rows)
        for name, (_label, chooser) in VIEWS.items()
    }
    return tuple(
        Tab(name, str(label), counts[name], "bad" if name == "attention" and counts[name] else "", name == choice.view)
        for name, (label, _chooser) in VIEWS.items()
    )


def chosen(sheet: Sheet, flags: tuple[Flag, ...], actor: Actor, choice: Choice) -> list[Row]:
    """Return the rows that the choice leaves."""
    flagged = frozenset(flag.code for flag in flags)
    chooser = VIEWS[choice.view][1]
    return [row for row in sheet.rows if chooser(row, actor, sheet, flagged) and _fits(row, choice)]


def _fits(row: Row, choice: Choice) -> bool:
    area = row.requirement.area.code if row.requirement.area else "ORG"
    owner = str(row.entry.owner_id or "none")
    return (
        (
            not choice.status
            or choice.status in (row.rolled.implementation if _included(row) else "", row.entry.applicability)
        )
        and (not choice.owner or choice.owner == owner)
        and (not choice.reason or any(item["code"] == choice.reason for item in row.entry.reasons))
        and (not choice.area or choice.area == area)
        and _found(row, choice.search)
    )


def _included(row: Row) -> bool:
    return row.rolled.applicability == Applicability.INCLUDED


def _found(row: Row, search: str) -> bool:
    if not search:
        return True
    entry = row.entry
    text = " ".join(
        (
            row.code,
            row.requirement.title,
            row.requirement.summary,
            entry.why,
            entry.how,
            entry.how_document,
            entry.notes,
        )
    )
    return all(word in text.casefold() for word in search.casefold().split())


def owner_choices(sheet: Sheet) -> list[tuple[str, str]]:
    """Return the people who own a row, for the filter."""
    owners = {str(row.entry.owner_id): row.entry.owner.display_name for row in sheet.rows if row.entry.owner}
    return [*sorted(owners.items(), key=lambda item: item[1]), ("none", str(_("Nobody")))]


def area_choices(sheet: Sheet) -> list[tuple[str, str]]:
    """Return the areas there are, for the filter."""
    areas = {row.requirement.area.code: row.requirement.area for row in sheet.rows if row.requirement.area}
    return [(code, f"{code} {area.title}") for code, area in areas.items()]


def reason_choices() -> list[tuple[str, str]]:
    """Return the reason codes, for the filter."""
    return [(code, f"{code} {label}") for code, label in labels().reasons.items()]


def proposed_codes(sheet: Sheet) -> frozenset[str]:
    """Return the undecided controls that roles played, facts of systems or a linked driver propose to include.

    A proposal decides nothing: a person confirms it by area and writes the reason (ISO/IEC 22989 roles, field C5).
    """
    return frozenset(
        row.code
        for row in sheet.rows
        if row.entry.applicability == Applicability.UNDECIDED and (row.drivers or row.proposals)
    )
