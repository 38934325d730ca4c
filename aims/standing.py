"""Whether a membership held at an instant: dates and places in the chain only, no database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Place = tuple[float, int]


class Fault(StrEnum):
    """Why an authority did not hold."""

    NONE = ""
    UNNAMED = "unnamed"
    UNKNOWN = "unknown"
    NOT_THEIRS = "not theirs"
    NOT_GRANTED = "not granted"
    GRANTED_LATER = "granted later"
    NOT_BEGUN = "not begun"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the chain and the row say of a membership; a place is a record's number and, while it waits, its row."""

    begins: datetime
    ends: datetime | None = None
    granted: Place | None = None
    revoked_at: datetime | None = None
    revoked: Place | None = None


def fault_of(standing: Standing, at: datetime, place: Place) -> Fault:
    """Judge a membership at the instant and the place in the chain of a record that names it."""
    if standing.granted is None:
        return Fault.NOT_GRANTED
    if standing.granted >= place:
        return Fault.GRANTED_LATER
    if at < standing.begins:
        return Fault.NOT_BEGUN
    if standing.ends is not None and standing.ends <= at:
        return Fault.EXPIRED
    return Fault.REVOKED if _was_revoked(standing, at, place) else Fault.NONE


def _was_revoked(standing: Standing, at: datetime, place: Place) -> bool:
    """In one instant the chain says which came first."""
    if standing.revoked_at is None or at < standing.revoked_at:
        return False
    return at > standing.revoked_at or standing.revoked is None or standing.revoked < place
