"""Asking, making, cancelling and taking out reports, each with its trace."""

from datetime import date
from io import BytesIO

import pytest
from django.test import TestCase

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions.share import NotShareable
from aims.models import Aims
from evidence.store import keep, open_stored
from jobs.actions import run_job
from jobs.models import Job, JobState
from reports.actions import ask_report, cancel_report, complete_report, download_report
from reports.actions.ask import NotAskable
from reports.actions.cancel import NotCancellable
from reports.actions.complete import Made
from reports.actions.download import NotThere
from reports.models import Report
from reports.sources import NoVersion
from soa.actions import open_statement
from tests.aims.make import now_as, shared
from tests.make import a_member, an_organisation, trace_of
from tests.reports.flow import a_report, two_versions
from tests.reports.pdf import read


def made(report: Report, actor: Actor) -> Report:
    """Give a report a file, without laying anything out."""
    stored = keep(BytesIO(b"%PDF-1.7 test"), 1000)
    return complete_report(report, Made(stored.sha256, stored.size, 3, "SoA.pdf"), actor=actor)


def test_asking_writes_the_report_and_its_job_together(aims: Aims, officer: Actor) -> None:
    """The job carries the request id and waits."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    assert report.job is not None
    assert report.job.kind == "reports.soa"
    assert officer.request_id in report.job.dedupe_key
    assert report.job.payload == {"report": report.pk}
    assert report.is_draft
    assert trace_of(report.ref) == ["report.asked"]
    assert report.history.count() == 2


def test_the_job_makes_the_report(aims: Aims, officer: Actor) -> None:
    """From asking to a stored PDF that reads back, and a record that names its hash."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    assert report.job is not None
    assert run_job(report.job.pk) == JobState.DONE
    report.refresh_from_db()
    with open_stored(report.sha256) as stream:
        data = stream.read()
    assert len(data) == report.size
    assert len(read(data).pages) == report.pages
    assert "Draft, not approved" in read(data).text
    assert report.name.endswith("-full.pdf")
    assert trace_of(report.ref) == ["report.asked", "report.rendered"]
    assert run_job(report.job.pk) is None


def test_a_past_date_names_its_version(aims: Aims, officer: Actor) -> None:
    """The row holds both."""
    first, _second = two_versions(aims, officer)
    report = ask_report(aims, edition="full", as_of=date(2026, 2, 1), actor=officer)
    assert report.statement_version == first
    with pytest.raises(NoVersion):
        ask_report(aims, edition="full", as_of=date(2025, 2, 1), actor=officer)
    assert Report.objects.count() == 1


def test_nothing_is_asked_of_a_statement_that_was_never_opened(aims: Aims, officer: Actor) -> None:
    """Nor in an edition that does not exist."""
    with pytest.raises(NoVersion, match="not been opened"):
        ask_report(aims, edition="full", actor=officer)
    with pytest.raises(NotAskable):
        ask_report(aims, edition="secret", actor=officer)
    assert (Report.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_customer_editions_are_for_stewards(aims: Aims, officer: Actor, role: Role) -> None:
    """All members may make the full one, the certification body of versions only."""
    open_statement(actor=officer)
    member = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed):
        ask_report(aims, edition="customer", actor=member)
    if role == Role.CERTIFIER:
        with pytest.raises(NotAllowed):
            a_report(aims, member)
    else:
        assert a_report(aims, member).asked_by_id == member.user_id


def test_a_seat_takes_what_is_shared_and_asks_for_nothing(aims: Aims, officer: Actor) -> None:
    """Drafts stay inside, and so does every report that is not shared."""
    _first, second = two_versions(aims, officer)
    seat = a_member(aims, Role.CERTIFIER, by=officer)
    draft = made(a_report(aims, officer), officer)
    report = made(ask_report(aims, edition="full", version=second, actor=officer), officer)
    for one in (draft, report):
        with pytest.raises(NotAllowed):
            download_report(one, actor=seat)
    with pytest.raises(NotAllowed):
        ask_report(aims, edition="full", version=second, actor=seat)
    with pytest.raises(NotShareable):
        shared(draft.ref, seat, by=officer)
    shared(report.ref, seat, by=officer)
    now = now_as(seat, aims)
    assert now is not None
    assert download_report(report, actor=now).read()
    with pytest.raises(NotAllowed):
        download_report(draft, actor=now)


def test_cancelling_stops_the_job_and_leaves_its_trace(aims: Aims, officer: Actor) -> None:
    """Once; a cancelled job is not run."""
    open_statement(actor=officer)
    report = cancel_report(a_report(aims, officer), actor=officer)
    assert report.job is not None
    assert report.job.state == JobState.CANCELLED
    assert run_job(report.job.pk) is None
    assert trace_of(report.ref) == ["report.asked", "report.cancelled"]
    with pytest.raises(NotCancellable):
        cancel_report(report, actor=officer)


def test_others_do_not_cancel_what_they_did_not_ask_for(aims: Aims, officer: Actor) -> None:
    """A control owner stops only their own."""
    open_statement(actor=officer)
    owner = a_member(aims, Role.OWNER, by=officer)
    with pytest.raises(NotAllowed):
        cancel_report(a_report(aims, officer), actor=owner)
    assert cancel_report(a_report(aims, owner), actor=owner).pk


def test_completing_twice_changes_nothing(aims: Aims, officer: Actor) -> None:
    """A job may run its end again."""
    open_statement(actor=officer)
    report = made(made(a_report(aims, officer), officer), officer)
    assert trace_of(report.ref) == ["report.asked", "report.rendered"]


def test_each_download_is_recorded(aims: Aims, officer: Actor) -> None:
    """Twice taken, twice noted."""
    open_statement(actor=officer)
    report = made(a_report(aims, officer), officer)
    for _ in range(2):
        with download_report(report, actor=officer) as stream:
            assert stream.read() == b"%PDF-1.7 test"
    assert trace_of(report.ref)[2:] == ["report.downloaded"] * 2


def test_an_unfinished_or_lost_report_cannot_be_taken(aims: Aims, officer: Actor) -> None:
    """And no record says that it was."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    with pytest.raises(NotThere, match="not finished"):
        download_report(report, actor=officer)
    lost = complete_report(report, Made("0" * 64, 1, 1, "SoA.pdf"), actor=officer)
    with pytest.raises(NotThere, match="missing from the store"):
        download_report(lost, actor=officer)
    assert "report.downloaded" not in trace_of(report.ref)


def test_a_job_of_a_removed_aims_fails_plainly(aims: Aims, officer: Actor) -> None:
    """Nothing is made, and the person is told."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    Aims.objects.filter(pk=aims.pk).update(removed_at="2026-01-01T00:00:00Z")
    assert report.job is not None
    assert run_job(report.job.pk) == JobState.FAILED
    assert Job.objects.get(pk=report.job.pk).error == "The AIMS is gone."


def test_asking_wakes_the_worker_after_the_commit(aims: Aims, officer: Actor) -> None:
    """Not before: the worker must find the row."""
    open_statement(actor=officer)
    with TestCase.captureOnCommitCallbacks() as calls:
        a_report(aims, officer)
    assert len(calls) >= 1


def test_reports_of_others_are_not_seen(aims: Aims, officer: Actor) -> None:
    """The manager looks no further than the AIMS in context."""
    open_statement(actor=officer)
    a_report(aims, officer)
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        assert Report.objects.count() == 0
