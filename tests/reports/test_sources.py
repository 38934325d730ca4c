"""What reports are made from: the version in force, then or now, or the draft."""

from datetime import date, timedelta

import pytest

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from reports.make import checkpoint_for
from reports.sources import NoVersion, in_force_on, latest_approved, source_of
from soa.actions import open_statement
from tests.reports.flow import a_decided_statement, two_versions


def test_the_version_in_force_is_the_latest(aims: Aims, officer: Actor) -> None:
    """Nothing before the first approval, then the newest."""
    assert latest_approved() is None
    two_versions(aims, officer)
    version = latest_approved()
    assert version is not None
    assert version.number == 2


@pytest.mark.parametrize(
    ("day", "number"), [(date(2026, 1, 10), 1), (date(2026, 2, 28), 1), (date(2026, 3, 1), 2), (date(2026, 4, 1), 2)]
)
def test_a_past_date_means_the_end_of_that_day(aims: Aims, officer: Actor, day: date, number: int) -> None:
    """The day of an approval belongs to the approved version."""
    two_versions(aims, officer)
    assert in_force_on(aims, day).number == number


def test_a_day_before_the_first_version_is_refused(aims: Aims, officer: Actor) -> None:
    """With the day in the message."""
    two_versions(aims, officer)
    with pytest.raises(NoVersion, match=r"No version was in force on 9 January 2026\."):
        in_force_on(aims, date(2026, 1, 9))


def test_a_future_day_is_refused(aims: Aims, officer: Actor) -> None:
    """Nobody knows yet."""
    two_versions(aims, officer)
    with pytest.raises(NoVersion, match="lies in the future"):
        in_force_on(aims, clock.today(aims.time_zone) + timedelta(days=1))


def test_an_approved_version_tells_its_signatures_and_what_came_before(aims: Aims, officer: Actor) -> None:
    """Names, record numbers, history and the body before it."""
    first, second = two_versions(aims, officer)
    meta = source_of(aims, edition="full", version=second, checkpoint=checkpoint_for(aims)).meta
    assert meta.approved is not None
    assert meta.submitted is not None
    assert meta.approved.name == "Ada Approver"
    assert meta.submitted.record is not None
    assert meta.approved.record is not None
    assert meta.approved.record > meta.submitted.record
    assert [item.number for item in meta.history] == [2, 1]
    assert meta.previous_number == first.number
    assert meta.digest == second.digest
    assert meta.checkpoint is not None
    assert meta.checkpoint.size >= meta.approved.record


def test_a_past_report_knows_nothing_of_later_versions(aims: Aims, officer: Actor) -> None:
    """Version 1 as it was read in February."""
    first, _second = two_versions(aims, officer)
    source = source_of(aims, edition="full", version=first, as_of=date(2026, 2, 1))
    assert [item.number for item in source.meta.history] == [1]
    reasons = {entry["code"]: entry["why"] for entry in source.body["entries"]}
    assert reasons["A.2.2"] == "Because our systems need it."


def test_a_draft_tells_what_blocks_it(aims: Aims, officer: Actor) -> None:
    """38 undecided rows, each named."""
    open_statement(actor=officer)
    meta = source_of(aims, edition="full", version=None).meta
    assert meta.is_draft
    assert sum(text.startswith("A.") for text in meta.blockers) == 38


def test_a_decided_draft_is_blocked_by_nothing(aims: Aims, officer: Actor) -> None:
    """Its warnings stand beside."""
    a_decided_statement(officer)
    meta = source_of(aims, edition="full", version=None).meta
    assert meta.blockers == ()
    assert meta.warnings != ()


def test_a_statement_that_was_never_opened_gives_no_draft(aims: Aims) -> None:
    """Said plainly."""
    with pytest.raises(NoVersion, match="not been opened"):
        source_of(aims, edition="full", version=None)
