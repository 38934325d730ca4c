"""Typed makers of statements; each goes through the actions."""

from typing import Any

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from soa.actions import amend, approve, decide, open_statement, submit
from soa.checks import flags_of
from soa.models import Applicability, Entry, Statement, StatementVersion
from soa.queries.rows import read_sheet
from tests.make import a_member

WHY = "Because our systems need it."
CODE = "A.2.2"


def a_statement(actor: Actor) -> Statement:
    """The AIMS's statement, with 38 undecided rows."""
    return open_statement(actor=actor)


def an_entry(code: str = CODE) -> Entry:
    """A row as it stands."""
    row: Entry = Entry.objects.with_names().get(requirement__code=code)
    return row


def included(actor: Actor, code: str = CODE, why: str = WHY, **fields: Any) -> Entry:
    """A row that is included, with whatever else is said of it."""
    row = decide(an_entry(code), Applicability.INCLUDED, why=why, seen=an_entry(code).version, actor=actor)
    return amend(row, fields, seen=row.version, actor=actor) if fields else row


def excluded(actor: Actor, code: str = CODE, why: str = "We build no models.", **fields: Any) -> Entry:
    """A row that is excluded, with whatever else is said of it."""
    row = decide(an_entry(code), Applicability.EXCLUDED, why=why, seen=an_entry(code).version, actor=actor)
    return amend(row, fields, seen=row.version, actor=actor) if fields else row


def decided(actor: Actor) -> Statement:
    """A statement in which every control is included with its reason."""
    statement = a_statement(actor)
    for row in Entry.objects.with_names():
        decide(row, Applicability.INCLUDED, why=WHY, seen=row.version, actor=actor)
    return statement


def a_version(aims: Aims, actor: Actor, summary: str = "First issue.") -> StatementVersion:
    """The draft, submitted."""
    return submit(aims, summary=summary, actor=actor)


def approved(aims: Aims, version: StatementVersion, actor: Actor) -> StatementVersion:
    """A version put in force by somebody who wrote none of it."""
    approver = a_member(aims, Role.APPROVER, by=actor)
    return approve(version, digest=version.digest, confirms_warnings=True, seen=version.version, actor=approver)


def flagged(aims: Aims, check: str) -> list[str]:
    """The codes of the rows that a check flags now."""
    return [flag.code for flag in flags_of(read_sheet(aims)) if flag.check == check]
