"""What the draft says otherwise than the last version: the rows of some controls against what it froze."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from soa.decision import decision_of
from soa.diff import FieldDiff, differs, field_diffs
from soa.models import Entry, EntrySystem, StatementVersion, VersionState
from soa.queries.rows import body_of

STANDING = (VersionState.APPROVED, VersionState.SUBMITTED)

_seen: ContextVar[dict[frozenset[str], "Drift"] | None] = ContextVar("drift", default=None)


@dataclass(frozen=True, slots=True)
class Drift:
    """The number the draft will bear, the version it departs from, and the fields of each row that differ."""

    number: int
    base: StatementVersion | None
    is_approved: bool
    changed: Mapping[str, tuple[FieldDiff, ...]]


@contextmanager
def looking_once() -> Iterator[None]:
    """Compare the same rows once only while one page is told; several of its parts ask."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def next_number() -> int:
    """Return the number that the draft will bear; one query."""
    return 1 + max(_standing().values_list("number", flat=True), default=0)


def drift_of(codes: Collection[str]) -> Drift:
    """Compare the rows of these controls with the version that waits, or else with the one in force; four queries."""
    seen, key = _seen.get(), frozenset(codes)
    if seen is None:
        return _compared(codes)
    if key not in seen:
        seen[key] = _compared(codes)
    return seen[key]


def _standing() -> QuerySet[StatementVersion]:
    return StatementVersion.objects.exclude(state=VersionState.RETURNED).order_by("number")


def _compared(codes: Collection[str]) -> Drift:
    numbers = list(_standing().values_list("number", "state", "pk"))
    waiting, approved = (
        next((pk for _number, state, pk in numbers if state == wanted), None)
        for wanted in (VersionState.SUBMITTED, VersionState.APPROVED)
    )
    base = StatementVersion.objects.filter(pk=waiting or approved or 0).first()
    before = {row["code"]: row for row in body_of(base)["entries"]} if base else {}
    now = _decisions(codes)
    return Drift(
        number=max((number for number, _state, _pk in numbers), default=0) + 1,
        base=base,
        is_approved=approved is not None,
        changed={
            code: field_diffs(before.get(code), row) for code, row in now.items() if differs(before.get(code), row)
        },
    )


def _decisions(codes: Collection[str]) -> dict[str, dict[str, Any]]:
    apart: dict[int, list[EntrySystem]] = {}
    for item in EntrySystem.objects.filter(entry__requirement__code__in=codes).select_related("system"):
        apart.setdefault(item.entry_id, []).append(item)
    rows = Entry.objects.with_names().filter(requirement__code__in=codes)
    return {row.requirement.code: decision_of(row, apart.get(row.pk, ())) for row in rows}
