"""The statement's life: opened, decided, submitted, approved by somebody else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import clock
from accounts.actor import Actor
from accounts.clock import standing_at
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions.state_scope import Scope, state_scope
from aims.models import Aims
from soa.actions import amend, approve, decide, in_bulk, open_statement, save_row, submit, undo
from soa.actions.approve import NotApprovable
from soa.actions.submit import NotSubmittable
from soa.checks import flags_of
from soa.models import Applicability, Entry
from soa.queries.rows import read_sheet
from tests.make import a_member, trace_of


def entry(code: str) -> Entry:
    return Entry.objects.with_names().get(requirement__code=code)


def decided(actor: Actor) -> None:
    open_statement(actor=actor)
    for row in Entry.objects.with_names():
        decide(row, Applicability.INCLUDED, why="Because our systems need it.", seen=row.version, actor=actor)


def test_opening_makes_a_row_for_each_of_38_controls(aims: Aims, officer: Actor) -> None:
    statement = open_statement(actor=officer)
    assert Entry.objects.count() == 38
    assert open_statement(actor=officer) == statement
    assert trace_of(statement.ref) == ["soa.opened"]


def test_deciding_leaves_its_trace(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    row = decide(entry("A.2.2"), Applicability.INCLUDED, why="One policy for all.", seen=1, actor=officer)
    assert (row.applicability, row.version) == ("included", 2)
    assert row.history.count() == 2
    assert trace_of("entry:A.2.2") == ["soa.decided"]


def test_two_writers_of_one_field_are_shown_both(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    amend(entry("A.2.2"), {"why": "first"}, seen=1, actor=officer)
    with pytest.raises(Conflict) as conflict:
        amend(entry("A.2.2"), {"why": "second"}, seen=1, actor=officer)
    assert conflict.value.current.why == "first"
    assert conflict.value.offered == {"why": "second"}


def test_two_writers_of_different_fields_are_merged(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    amend(entry("A.2.2"), {"why": "first", "how": ""}, seen=1, actor=officer)
    row = amend(entry("A.2.2"), {"why": "", "how": "by hand"}, seen=1, actor=officer)
    assert (row.why, row.how, row.version) == ("first", "by hand", 3)


def test_undo_restores_the_row_and_keeps_the_log(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    amend(entry("A.2.2"), {"why": "first"}, seen=1, actor=officer)
    row = undo(entry("A.2.2"), seen=2, actor=officer)
    assert (row.why, row.version) == ("", 3)
    assert trace_of("entry:A.2.2") == ["soa.amended", "soa.undone"]


def test_an_auditor_cannot_decide(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    auditor = a_member(aims, Role.AUDITOR, by=officer)
    with pytest.raises(NotAllowed):
        decide(entry("A.2.2"), Applicability.INCLUDED, seen=1, actor=auditor)
    assert entry("A.2.2").applicability == "undecided"


def test_submission_waits_for_every_reason(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    in_bulk(["A.2.2"], {"applicability": "included"}, actor=officer)
    with pytest.raises(NotSubmittable, match="38 rows block"):
        submit(aims, summary="", actor=officer)


def test_approval_takes_somebody_who_wrote_none_of_it(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = submit(aims, summary="First issue.", actor=officer)
    author = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    approver = a_member(aims, Role.APPROVER, by=officer)
    keywords = {"digest": version.digest, "confirms_warnings": True, "seen": version.version}
    with pytest.raises(NotAllowed):
        approve(version, actor=officer, **keywords)
    approved = approve(version, actor=approver, **keywords)
    assert approved.state == "approved"
    assert trace_of("version:SOA-1") == ["version.submitted", "version.approved"]

    amend(entry("A.2.2"), {"how": "New how."}, seen=entry("A.2.2").version, actor=author)
    second = submit(aims, summary="", actor=officer)
    assert (second.number, second.summary) == (2, "1 row changed.")
    keywords = {"digest": second.digest, "confirms_warnings": True, "seen": second.version}
    with pytest.raises(NotApprovable, match="You changed rows"):
        approve(second, actor=author, **keywords)
    approve(second, actor=approver, **keywords)
    assert read_sheet(aims).in_force == second


def test_checks_name_what_blocks_first(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    decide(entry("A.2.3"), Applicability.EXCLUDED, why="N/A", seen=1, actor=officer)
    flags = flags_of(read_sheet(aims))
    assert [flag.check for flag in flags[:2]] == ["undecided", "no_reason"]
    assert flags[1].message == "Say why A.2.3 does not apply"


def test_an_exclusion_expires_after_a_year(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    with standing_at(datetime(2028, 2, 29, 12, tzinfo=UTC)):
        row = decide(entry("A.2.3"), Applicability.EXCLUDED, why="We hold no such policy.", seen=1, actor=officer)
    assert row.expires_on == date(2029, 2, 28)
    row = decide(row, Applicability.INCLUDED, why="We do now.", seen=row.version, actor=officer)
    assert row.expires_on is None


def test_a_new_scope_reopens_old_exclusions(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    today = clock.today(aims.time_zone)
    with standing_at(clock.now() - timedelta(days=9)):
        decide(entry("A.2.3"), Applicability.EXCLUDED, why="We hold no such policy.", seen=1, actor=officer)
    assert "excluded_before_scope" not in {flag.check for flag in flags_of(read_sheet(aims))}
    state_scope(Scope("Everything.", today), seen=0, actor=officer)
    assert "excluded_before_scope" in {flag.check for flag in flags_of(read_sheet(aims))}


def test_undo_takes_a_whole_save_back(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    amend(entry("A.2.2"), {"how": "as before"}, seen=1, actor=replace(officer, request_id="one"))
    fields = {"applicability": "included", "why": "We need it.", "how": "by hand"}
    row = save_row(entry("A.2.2"), fields, seen=2, actor=replace(officer, request_id="two"))
    assert (row.applicability, row.how, row.version) == ("included", "by hand", 4)
    row = undo(row, seen=4, actor=officer)
    assert (row.applicability, row.why, row.how) == ("undecided", "", "as before")
