"""What stands beside the frozen body: who signed, which versions came before, how far the chain reaches."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's act on a version: who, in which capacity, when (UTC), and its record number."""

    name: str
    job_title: str
    at: datetime
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whose certificate signs the file, and its SHA-256 in hex."""

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The checkpoint that a report carries outside: how many records, their root (hex), when, and the signed note."""

    size: int
    root: str
    made_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One line of the version history."""

    number: int
    approved_at: datetime
    approver: str
    summary: str
    record: int | None = None


@dataclass(frozen=True, slots=True)
class CycleDate:
    """A date of the certification cycle; `is_certificate` tells its issue and expiry from audits."""

    label: str
    on: date
    is_held: bool = False
    is_certificate: bool = False
    body: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """Everything a report says that its body does not; instants are UTC."""

    edition: str
    is_draft: bool
    generated_at: datetime
    frozen_at: datetime
    number: int | None = None
    digest: str = ""
    state: str = ""
    as_of: date | None = None
    submitted: Signature | None = None
    approved: Signature | None = None
    history: tuple[PastVersion, ...] = ()
    warnings: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    checkpoint: Checked | None = None
    cycle: tuple[CycleDate, ...] = ()
    previous: dict[str, Any] | None = None
    previous_number: int | None = None
    certificate: Certificate | None = None
