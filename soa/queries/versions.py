"""Versions as they stood: what was decided on one later is set back, for its own instants tell the past."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from soa.models import StatementVersion, VersionState

KEPT = (VersionState.APPROVED, VersionState.SUPERSEDED)
STANDING = (VersionState.APPROVED, VersionState.SUBMITTED)


def versions(at: datetime | None = None) -> QuerySet[StatementVersion]:
    """Return the versions there are, or were at an instant; `as_it_stood` tells in which state."""
    rows = StatementVersion.objects.all()
    return rows if at is None else rows.filter(submitted_at__lte=at)


def standing_versions(at: datetime | None = None) -> list[StatementVersion]:
    """Return the version in force and the one that waits, now or at an instant; one query."""
    if at is None:
        return list(versions().filter(state__in=STANDING))
    ended = Q(superseded_at__lte=at) | Q(state=VersionState.RETURNED, decided_at__lte=at)
    return [as_it_stood(row, at) for row in versions(at).exclude(ended)]


def as_it_stood(row: Any, at: datetime | None) -> Any:
    """Return a version without what happened to it after an instant."""
    if at is None:
        return row
    if row.superseded_at and row.superseded_at > at:
        row.superseded_at, row.state = None, VersionState.APPROVED
    if row.decided_at and row.decided_at > at:
        row.decided_by, row.decided_at, row.decision_note = None, None, ""
        row.state = VersionState.SUBMITTED
    return row


def kept_version(pk: int) -> tuple[str, ...]:
    """Return the reference of a version that was approved; one that waits or went back is shown to no seat."""
    rows = StatementVersion.objects.filter(pk=pk, state__in=KEPT).defer("body")
    return tuple(row.ref for row in rows)
