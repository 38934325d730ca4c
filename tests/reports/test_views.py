"""The page of reports: who sees what, what it offers, what it costs."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from evidence.store import keep
from jobs.models import Job, JobState
from reports.actions import complete_report
from reports.actions.complete import Made
from reports.models import Report
from soa.actions import open_statement
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.reports.flow import a_report, two_versions


def made(report: Report, actor: Actor) -> Report:
    """Give a report a file."""
    stored = keep(BytesIO(b"%PDF-1.7 test"), 1000)
    return complete_report(report, Made(stored.sha256, stored.size, 3, "SoA-übersicht.pdf"), actor=actor)


def at(aims: Aims, *parts: object) -> str:
    """Return an address of the room."""
    return "/".join(["", "a", aims.slug, "reports", *map(str, parts), ""])


def text_of(response: object) -> str:
    """Return the page as text."""
    return response.content.decode()  # type: ignore[attr-defined]


def test_an_empty_page_says_what_to_do_next(aims: Aims, officer: Actor) -> None:
    """Before anything was made."""
    page = text_of(signed_in(officer).get(at(aims)))
    assert "No report has been made yet" in page
    assert "The draft as it is now, watermarked" in page
    assert "in force on a date" not in page


def test_asking_by_form_and_being_sent_back_to_the_list(aims: Aims, officer: Actor) -> None:
    """The new report stands in the list, asks again each second, and can be cancelled."""
    two_versions(aims, officer)
    client = signed_in(officer)
    answer = client.post(at(aims, "ask"), {"source": "latest", "edition": "customer"})
    assert (answer.status_code, answer["Location"]) == (302, at(aims))
    report = Report.objects.get()
    assert (report.edition, report.statement_version.number) == ("customer", 2)
    page = text_of(client.get(at(aims)))
    assert 'hx-trigger="every 1s"' in page
    assert f'hx-get="{at(aims, report.pk)}"' in page
    assert "Version 2, customer edition" in page
    assert ">Refresh</a>" in page
    assert at(aims, report.pk, "cancel") in page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Choose: "),
        ({"source": "date", "edition": "full"}, "Say for which day."),
        ({"source": "date", "edition": "full", "as_of": "2025-01-01"}, "No version was in force on 1 January 2025."),
        ({"source": "date", "edition": "full", "as_of": "2999-01-01"}, "lies in the future"),
        ({"source": "moon", "edition": "full"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    aims: Aims, officer: Actor, given: dict[str, str], message: str
) -> None:
    """422, and nothing is asked for."""
    two_versions(aims, officer)
    answer = signed_in(officer).post(at(aims, "ask"), given)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert Report.objects.count() == 0


def test_a_statement_that_was_never_opened_is_refused_in_place(aims: Aims, officer: Actor) -> None:
    """With the page around it."""
    answer = signed_in(officer).post(at(aims, "ask"), {"source": "draft", "edition": "full"})
    assert answer.status_code == 422
    assert "not been opened" in text_of(answer)


def test_the_row_follows_the_job(aims: Aims, officer: Actor) -> None:
    """Progress while it runs, the way to the file and an announcement when it is there."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    client = signed_in(officer)
    Job.objects.filter(pk=report.job_id).update(state=JobState.RUNNING, progress=34, step="Lay out page 12")
    row = text_of(client.get(at(aims, report.pk), headers={"HX-Request": "true"}))
    assert 'value="34"' in row
    assert "Lay out page 12" in row
    assert "<html" not in row
    made(report, officer)
    Job.objects.filter(pk=report.job_id).update(state=JobState.DONE, progress=100)
    row = text_of(client.get(at(aims, report.pk), headers={"HX-Request": "true"}))
    assert "every 1s" not in row
    assert at(aims, report.pk, "download") in row
    assert 'hx-swap-oob="true"' in row
    assert client.get(at(aims, report.pk)).status_code == 302


def test_a_failed_report_says_why_and_can_be_tried_again(aims: Aims, officer: Actor) -> None:
    """The same order once more, as a new row."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    Job.objects.filter(pk=report.job_id).update(state=JobState.FAILED, error="It took longer than 120 seconds.")
    client = signed_in(officer)
    assert "It took longer than 120 seconds." in text_of(client.get(at(aims)))
    assert client.post(at(aims, report.pk, "again")).status_code == 302
    assert Report.objects.count() == 2


def test_cancelling_by_button(aims: Aims, officer: Actor) -> None:
    """Then it offers to try again; twice is refused in place."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    client = signed_in(officer)
    assert client.post(at(aims, report.pk, "cancel")).status_code == 302
    assert ">Cancelled<" in text_of(client.get(at(aims)))
    answer = client.post(at(aims, report.pk, "cancel"))
    assert answer.status_code == 422
    assert "finished already" in text_of(answer)


def test_the_file_is_handed_over_harmless_and_noted(aims: Aims, officer: Actor) -> None:
    """Headers as for evidence; a record for the read."""
    open_statement(actor=officer)
    report = made(a_report(aims, officer), officer)
    answer = signed_in(officer).get(at(aims, report.pk, "download"))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 test"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''SoA-%C3%BCbersicht.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert trace_of(report.ref)[-1] == "report.downloaded"


def test_an_unfinished_file_is_gone(aims: Aims, officer: Actor) -> None:
    """410 with the page, and no record of a read."""
    open_statement(actor=officer)
    report = a_report(aims, officer)
    answer = signed_in(officer).get(at(aims, report.pk, "download"))
    assert answer.status_code == 410
    assert "not finished" in text_of(answer)
    assert trace_of(report.ref) == ["report.asked"]


def test_roles_are_kept_at_the_door(aims: Aims, officer: Actor) -> None:
    """A reviewer is offered no customer edition and does not get it by force; a seat finds no list and no draft."""
    two_versions(aims, officer)
    draft = made(a_report(aims, officer), officer)
    client = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    page = text_of(client.get(at(aims)))
    assert "Customer" not in page.split("Make a report")[-1]
    assert client.post(at(aims, draft.pk, "cancel")).status_code == 403
    assert client.post(at(aims, "ask"), {"source": "latest", "edition": "customer"}).status_code == 422
    seat = signed_in(a_member(aims, Role.CERTIFIER, by=officer))
    assert seat.get(at(aims)).status_code == 403
    assert seat.get(at(aims, draft.pk, "download")).status_code == 404


@pytest.mark.parametrize("verb", ["", "cancel", "again", "download"])
def test_others_find_nothing(aims: Aims, officer: Actor, verb: str) -> None:
    """Foreign and missing reports look alike; strangers and the anonymous do not come in."""
    open_statement(actor=officer)
    report = made(a_report(aims, officer), officer)
    other, stranger = an_organisation()
    client = signed_in(stranger)
    ask = client.post if verb in ("cancel", "again") else client.get
    parts = [verb] if verb else []
    assert ask(at(other, report.pk, *parts)).status_code == 404
    assert ask(at(other, 999_999, *parts)).status_code == 404
    assert ask(at(aims, report.pk, *parts)).status_code == 404
    client.logout()
    assert ask(at(aims, report.pk, *parts)).status_code == 302


def test_a_long_list_costs_no_more_than_a_short_one(aims: Aims, officer: Actor) -> None:
    """The same number of queries with 3 reports and with 33."""
    open_statement(actor=officer)
    client = signed_in(officer)
    counts = []
    for more in (3, 30):
        for _ in range(more):
            a_report(aims, officer)
        client.get(at(aims))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(at(aims)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
