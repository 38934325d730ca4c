"""A statement with versions in force at different times, made through the actions."""

from datetime import UTC, datetime

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from reports.actions import ask_report
from reports.models import Report
from soa.actions import amend, approve, decide, open_statement, submit
from soa.models import Applicability, Entry, StatementVersion
from tests.make import a_member

FIRST = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
SECOND = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def a_decided_statement(actor: Actor) -> None:
    """Every row included, with a reason."""
    open_statement(actor=actor)
    for row in Entry.objects.with_names():
        decide(row, Applicability.INCLUDED, why="Because our systems need it.", seen=row.version, actor=actor)


def an_approved_version(aims: Aims, officer: Actor, approver: Actor, summary: str) -> StatementVersion:
    """Submit what stands and approve it."""
    version = submit(aims, summary=summary, actor=officer)
    return approve(version, digest=version.digest, confirms_warnings=True, seen=version.version, actor=approver)


def two_versions(aims: Aims, officer: Actor) -> list[StatementVersion]:
    """Version 1 from 10 January 2026, version 2 from 1 March 2026."""
    with clock.standing_at(FIRST):
        approver = a_member(aims, Role.APPROVER, by=officer, name="Ada Approver")
    with clock.standing_at(FIRST), acting_in(aims, officer):
        a_decided_statement(officer)
        first = an_approved_version(aims, officer, approver, "First issue.")
    with clock.standing_at(SECOND), acting_in(aims, officer):
        row = Entry.objects.with_names().get(requirement__code="A.2.2")
        amend(row, {"why": "The second reason."}, seen=row.version, actor=officer)
        second = an_approved_version(aims, officer, approver, "A.2.2 has another reason.")
    return [first, second]


def a_report(aims: Aims, actor: Actor, edition: str = "full") -> Report:
    """A report of the draft, waiting for its job."""
    return ask_report(aims, edition=edition, actor=actor)
