"""The overview: what it says, to whom, and at what cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.actions import state_scope
from aims.actions.state_scope import Scope
from aims.models import Aims
from audits.models import MilestoneKind
from audits.queries import cycle
from desk.queries.flagged import flags_shown
from desk.queries.lede import headline, next_audit, sentences
from desk.queries.proof import proof_of
from desk.queries.readiness import readiness_of
from desk.queries.steps import first_steps
from soa.actions import open_statement
from soa.checks import flags_of
from soa.models import Entry
from soa.queries.rows import read_sheet
from tests.audits.make import a_milestone
from tests.desk.make import a_statement, decided, more_of_everything, under_way
from tests.evidence.make import a_note
from tests.make import a_member, an_organisation, signed_in

BUDGET = 26
CONTEXT = 4  # a savepoint and what tells the database whose context it is, before and after


def seen_by(actor: Actor, aims: Aims, query: str = "") -> str:
    answer = signed_in(actor).get(reverse("desk:overview", args=[aims.slug]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def today_of(aims: Aims) -> date:
    return clock.today(aims.time_zone)


def test_every_section_stands_on_real_data(aims: Aims, officer: Actor) -> None:
    under_way(officer)
    page = seen_by(officer, aims)
    for words in ("A.2.2 evidenced", "A.2.3 implemented", "A.2.4 partly implemented", "A.3.2 excluded", "undecided"):
        assert words in page
    for words in ("Northgate Certification", "certificate AI 70418", "2 across 2 systems", "3 items", "Renew it"):
        assert words in page
    assert 'aria-label="2 at likelihood 4, severity 3, High"' in page
    assert "records, not verified yet" in page


def test_everybody_reads_it_and_only_stewards_are_told_first_steps(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    assert "First steps" in seen_by(officer, aims)
    for role in (Role.REVIEWER, Role.AUDITOR, Role.OWNER):
        page = seen_by(a_member(aims, role, by=officer), aims)
        assert "What an auditor would flag today" in page
        assert "First steps" not in page


@pytest.mark.db_both
def test_the_same_number_of_queries_however_much_there_is(aims: Aims, officer: Actor, on_postgres: bool) -> None:
    under_way(officer)
    client, place = signed_in(officer), reverse("desk:overview", args=[aims.slug])
    client.get(place)
    with CaptureQueriesContext(connection) as few:
        client.get(place)
    more_of_everything(officer, 28)
    with CaptureQueriesContext(connection) as many:
        client.get(place)
    assert len(few) == len(many) <= BUDGET + (CONTEXT if on_postgres else 0)


def test_another_organisation_is_not_there(aims: Aims, officer: Actor) -> None:
    stranger = signed_in(an_organisation()[1])
    answer = stranger.get(reverse("desk:overview", args=[aims.slug]))
    assert answer.status_code == 404
    assert aims.organisation not in answer.content.decode()


def test_nothing_of_another_organisation_is_counted(aims: Aims, officer: Actor) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        under_way(their_officer)
    page = seen_by(officer, aims)
    assert "has not been opened yet" in page
    for words in ("Northgate", "Renew it", "All 50"):
        assert words not in page


def test_squares_tell_states_apart_and_add_up(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    ready = readiness_of(read_sheet(aims).rows)
    policies = ready.areas[0]
    assert [square.state for square in policies.squares] == ["evidenced", "implemented", "partly"]
    assert policies.counts.words == "3 apply, 2 implemented, 1 evidenced"
    assert policies.anchor == "area-a2"
    assert sum(len(area.squares) for area in ready.areas) == Entry.objects.count() == 38
    assert (ready.counts.apply, ready.counts.evidenced) == (3, 1)


def test_evidence_whose_renewal_is_overdue_proves_nothing_now(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    a_note(actor=officer, serves=["A.2.2"], renew_by=today_of(aims) - timedelta(days=3))
    decided("A.2.2", officer, implementation="implemented")
    assert readiness_of(read_sheet(aims).rows).areas[0].squares[0].state == "implemented"


def test_few_flags_are_told_one_by_one_and_many_by_check(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    sheet = read_sheet(aims)
    flags = flags_of(sheet)
    many = flags_shown(sheet, flags)
    assert many.lines[0].text == "A.3.3 is undecided"
    assert many.lines[0].note == "and 33 more like it"
    assert [line.blocks for line in many.lines] == sorted((line.blocks for line in many.lines), reverse=True)
    owned = [flag for flag in flags if flag.code == "A.2.2"]
    few = flags_shown(sheet, owned)
    assert {line.owner for line in few.lines} == {officer.name}
    assert few.lines[0].address.startswith(f"/a/{aims.slug}/soa/A.2.2/#")
    assert many.total == len(flags)


def test_the_headline_counts_days_to_the_next_audit_and_not_to_a_certificate(aims: Aims, officer: Actor) -> None:
    today = today_of(aims)
    a_milestone(officer, today + timedelta(days=3), kind=MilestoneKind.EXPIRES)
    assert headline(next_audit(cycle(today))) == ""
    a_milestone(officer, today + timedelta(days=96))
    assert headline(next_audit(cycle(today))) == "Surveillance 1 starts in 96 days"
    assert headline(next_audit(cycle(today + timedelta(days=96)))) == "Surveillance 1 starts today"
    assert headline(next_audit(cycle(today + timedelta(days=97)))) == "Surveillance 1 is 1 day overdue"


def test_the_lede_says_nothing_about_nonconformities_while_there_are_none(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    sheet = read_sheet(aims)
    flags = flags_shown(sheet, flags_of(sheet))
    told = sentences(sheet.rows, flags, readiness_of(sheet.rows))
    assert told == (
        f"An auditor looking today would flag {flags.total} things.",
        "1 of 3 applicable controls are implemented with current evidence.",
    )


def test_the_bar_fills_its_width_and_renewals_come_worst_first(aims: Aims, officer: Actor) -> None:
    today = today_of(aims)
    for days in (400, 10, -5):
        a_note(actor=officer, title=f"In {days}", serves=["A.2.2", "A.2.3"], renew_by=today + timedelta(days=days))
    proof = proof_of(today)
    assert [part.fresh for part in proof.segments] == ["current", "due", "overdue"]
    last = proof.segments[-1]
    assert float(last.x[:-1]) + float(last.width[:-1]) == pytest.approx(100, abs=0.05)
    assert [(item.title, item.words, item.serves) for item in proof.renewals] == [
        ("In -5", "overdue 5 d", "A.2.2, A.2.3"),
        ("In 10", "in 10 d", "A.2.2, A.2.3"),
    ]


def test_steps_are_ticked_by_what_is_there(aims: Aims, officer: Actor) -> None:
    assert [step.is_done for step in first_steps(read_sheet(aims))] == [False] * 6
    a_statement(officer)
    state_scope(Scope(text="All of it.", boundaries="", sites="", effective_on=today_of(aims)), seen=0, actor=officer)
    a_member(aims, Role.APPROVER, by=officer)
    more_of_everything(officer, 1)
    steps = first_steps(read_sheet(aims))
    assert [step.is_done for step in steps] == [False, True, True, True, True, True]
    assert steps[0].note == "33 of 38 controls are undecided."


def test_steps_end_when_all_are_done(aims: Aims, officer: Actor) -> None:
    test_steps_are_ticked_by_what_is_there(aims, officer)
    more_of_everything(officer, 40)
    assert first_steps(read_sheet(aims)) == ()


def test_all_tasks_are_a_link_away(aims: Aims, officer: Actor) -> None:
    more_of_everything(officer, 9)
    assert "?tasks=all#tasks" in seen_by(officer, aims)
    assert seen_by(officer, aims, "?tasks=all").count("/there/") == 9


def test_a_demo_says_so_and_offers_to_start(aims: Aims, officer: Actor) -> None:
    reader = a_member(aims, Role.REVIEWER, by=officer)
    assert "This is a demonstration" not in seen_by(reader, aims)
    Aims.objects.filter(pk=aims.pk).update(is_demo=True)
    page = seen_by(reader, aims)
    assert "This is a demonstration" in page
    assert "Start your own" in page


def test_the_frame_costs_one_query_and_counts_what_waits(aims: Aims, officer: Actor, settings: Any) -> None:
    client, place = signed_in(officer), reverse("audits:cycle", args=[aims.slug])
    assert 'class="count"' not in client.get(place).content.decode()
    a_statement(officer)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(place).content.decode()
    assert sum("ledger_log" in query["sql"] for query in queries.captured_queries) == 1
    assert "rows to decide or explain:</span> 34</span>" in page


def test_error_pages_inside_an_organisation_need_no_context(aims: Aims, officer: Actor) -> None:
    nothing = signed_in(officer).get(reverse("systems:detail", args=[aims.slug, "SYS-99"]))
    assert nothing.status_code == 404
    assert "We cannot find that page" in nothing.content.decode()
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    refused = reader.get(reverse("aims:invite", args=[aims.slug]))
    assert refused.status_code == 403
    assert "You can read this, but not change it" in refused.content.decode()
