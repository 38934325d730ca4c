"""What the draft says otherwise than the last version: the rows of some controls against what it froze."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from soa.decision import decision_of
from soa.diff import FieldDiff, differs, field_diffs
from soa.models import StatementVersion, VersionState
from soa.queries.rows import body_of
from soa.queries.versions import standing_versions
from trace.lineage.entries import rows_of
from trace.lineage.once import once


@dataclass(frozen=True, slots=True)
class Drift:
    """The number the draft will bear, the version it departs from, and the fields of each row that differ."""

    number: int
    base: StatementVersion | None
    is_approved: bool
    changed: Mapping[str, tuple[FieldDiff, ...]]


def next_number() -> int:
    """Return the number that the draft will bear; one query."""
    return 1 + max((row.number for row in _standing()), default=0)


def drift_of(codes: Collection[str]) -> Drift:
    """Compare the rows of these controls with the version that waits, or else with the one in force; three queries."""
    return _compared(frozenset(codes))


@once
def _standing() -> tuple[StatementVersion, ...]:
    """The version in force and the one that waits; whatever was superseded has a lower number than the former."""
    return tuple(standing_versions())


@once
def _compared(codes: frozenset[str]) -> Drift:
    by_state = {VersionState(row.state): row for row in _standing()}
    approved = by_state.get(VersionState.APPROVED)
    base = by_state.get(VersionState.SUBMITTED, approved)
    before = {row["code"]: row for row in body_of(base)["entries"]} if base else {}
    read = rows_of(codes)
    now = {row.requirement.code: decision_of(row, read.apart.get(row.pk, ())) for row in read.rows}
    return Drift(
        number=next_number(),
        base=base,
        is_approved=approved is not None,
        changed={
            code: field_diffs(before.get(code), row) for code, row in now.items() if differs(before.get(code), row)
        },
    )
