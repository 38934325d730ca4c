"""What a report is made from: a version's frozen body or today's draft, and what stands beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from audits.models import Milestone, MilestoneKind
from ledger.models import Checkpoint, Record
from reports.paper import words
from reports.paper.meta import Checked, CycleDate, Meta, PastVersion, Signature
from soa.checks import Flag, flags_of
from soa.freeze import statement_body
from soa.models import StatementVersion, VersionState
from soa.queries.rows import body_of, read_sheet

STOOD = (VersionState.APPROVED, VersionState.SUPERSEDED)
CERTIFICATE = (MilestoneKind.ISSUED, MilestoneKind.EXPIRES)
SUBMITTED, APPROVED = "version.submitted", "version.approved"


class NoVersion(Refusal):
    """There is no version to make the report from."""


@dataclass(frozen=True, slots=True)
class Source:
    """A body with its meta."""

    body: dict[str, Any]
    meta: Meta


def approved_versions() -> list[StatementVersion]:
    """Return every version that ever was in force, newest first, without its body."""
    rows = StatementVersion.objects.filter(state__in=STOOD).select_related("submitted_by", "decided_by")
    return list(rows.defer("body").order_by("-number"))


def latest_approved() -> StatementVersion | None:
    """Return the version in force."""
    return next((row for row in approved_versions() if row.state == VersionState.APPROVED), None)


def in_force_on(aims: Aims, day: date) -> StatementVersion:
    """Return the version in force at the end of a past day in the organisation's time zone, raising NoVersion."""
    if day > clock.today(aims.time_zone):
        raise NoVersion(_("%(day)s lies in the future.") % {"day": words.long_day(day)}, field="as_of")
    end = _end_of(day, aims.time_zone)
    found = (row for row in approved_versions() if row.decided_at is not None and row.decided_at < end)
    version = next(found, None)
    if version is None:
        raise NoVersion(_("No version was in force on %(day)s.") % {"day": words.long_day(day)}, field="as_of")
    return version


def source_of(
    aims: Aims,
    *,
    edition: str,
    version: StatementVersion | None,
    as_of: date | None = None,
    checkpoint: Checkpoint | None = None,
) -> Source:
    """Read everything a report says; without a version, of the draft as it is now."""
    checked = Checked(checkpoint.size, checkpoint.root, checkpoint.made_at, checkpoint.text) if checkpoint else None
    if version is None:
        return _draft(aims, edition, checked)
    return _approved(aims, edition, version, as_of, checked)


def _end_of(day: date, time_zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))


def _approved(
    aims: Aims, edition: str, version: StatementVersion, as_of: date | None, checked: Checked | None
) -> Source:
    before = [row for row in approved_versions() if row.number <= version.number]
    numbers = record_numbers(row.ref for row in before)
    previous = before[1] if len(before) > 1 else None
    meta = Meta(
        edition=edition,
        is_draft=False,
        generated_at=clock.now(),
        frozen_at=version.submitted_at,
        number=version.number,
        digest=version.digest,
        state=str(version.get_state_display()),
        as_of=as_of,
        submitted=_signature(version.submitted_by, version.submitted_at, numbers.get((version.ref, SUBMITTED))),
        approved=_signature(version.decided_by, version.decided_at, numbers.get((version.ref, APPROVED))),
        history=_history(before, numbers),
        warnings=tuple(_flag_text(row["code"], row["message"]) for row in version.warnings),
        cycle=cycle_dates(_end_of(as_of, aims.time_zone) if as_of else None),
        previous=body_of(previous) if previous else None,
        previous_number=previous.number if previous else None,
        checkpoint=checked,
    )
    return Source(body_of(version), meta)


def _draft(aims: Aims, edition: str, checked: Checked | None) -> Source:
    sheet = read_sheet(aims)
    if sheet.statement is None:
        raise NoVersion(_("The statement has not been opened yet."))
    flags = flags_of(sheet)
    before = approved_versions()
    now = clock.now()
    meta = Meta(
        edition=edition,
        is_draft=True,
        generated_at=now,
        frozen_at=now,
        history=_history(before, record_numbers(row.ref for row in before)),
        blockers=_texts(flag for flag in flags if flag.blocks),
        warnings=_texts(flag for flag in flags if not flag.blocks),
        cycle=cycle_dates(None),
        previous=body_of(before[0]) if before else None,
        previous_number=before[0].number if before else None,
        checkpoint=checked,
    )
    return Source(statement_body(sheet), meta)


def _texts(flags: Iterable[Flag]) -> tuple[str, ...]:
    return tuple(_flag_text(flag.code, str(flag.message)) for flag in flags)


def _flag_text(code: str, message: str) -> str:
    return message if not code or code in message else f"{code}: {message}"


def _signature(user: User | None, at: datetime | None, number: int | None) -> Signature | None:
    return Signature(user.display_name, user.job_title, at, number) if user and at else None


def _history(rows: list[StatementVersion], numbers: dict[tuple[str, str], int]) -> tuple[PastVersion, ...]:
    return tuple(
        PastVersion(
            row.number,
            row.decided_at or row.submitted_at,
            row.decided_by.display_name if row.decided_by else "",
            row.summary,
            numbers.get((row.ref, APPROVED)),
        )
        for row in rows
    )


def record_numbers(refs: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return the sealed numbers of submissions and approvals by reference and event; a later one wins."""
    rows = Record.objects.filter(subject__in=list(refs), event__in=[SUBMITTED, APPROVED], leaf__isnull=False)
    found = rows.order_by("leaf__number").values_list("subject", "event", "leaf__number")
    return {(subject, event): number for subject, event, number in found}


def cycle_dates(at: datetime | None) -> tuple[CycleDate, ...]:
    """Return the dates of the cycle, now or as they stood at an instant."""
    rows = Milestone.history.as_of(at) if at else Milestone.objects.all()
    return tuple(
        CycleDate(
            str(row.get_kind_display()),
            row.held_on or row.due_on,
            row.held_on is not None,
            row.kind in CERTIFICATE,
            row.body,
            row.reference,
        )
        for row in sorted((row for row in rows if row.withdrawn_at is None), key=lambda row: (row.due_on, row.pk))
    )
