"""Who may do what: every verb of the statement for every role, and for machines."""

import pytest

from accounts.actor import Actor, service
from accounts.roles import Role
from aims.models import Aims
from soa.actions import amend, submit
from soa.models import StatementVersion
from soa.permissions import may_amend, may_approve, may_decide, may_return, may_steer
from tests.make import a_member
from tests.soa.make import a_statement, an_entry, decided
from tests.systems.make import person_of

STEER = {Role.ADMINISTRATOR, Role.OFFICER}


@pytest.mark.parametrize("role", list(Role))
def test_what_each_role_may(aims: Aims, officer: Actor, role: Role) -> None:
    a_statement(officer)
    row, actor = an_entry(), a_member(aims, role, by=officer)
    assert may_steer(actor) == may_decide(actor, row) == may_amend(actor, row) == (role in STEER)
    assert may_approve(actor) == (role is Role.APPROVER)
    assert may_return(actor, StatementVersion(submitted_by_id=officer.user_id)) == (role is Role.APPROVER)


@pytest.mark.parametrize("role", list(Role))
def test_only_a_control_owner_amends_what_they_own(aims: Aims, officer: Actor, role: Role) -> None:
    a_statement(officer)
    actor = a_member(aims, role, by=officer)
    row = amend(an_entry(), {"owner": person_of(actor)}, seen=1, actor=officer)
    assert may_amend(actor, row) == (role in STEER | {Role.OWNER})
    assert not may_amend(a_member(aims, Role.OWNER, by=officer), row)


def test_who_submitted_takes_it_back(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = submit(aims, summary="", actor=officer)
    assert may_return(officer, version)
    assert not may_return(a_member(aims, Role.OFFICER, by=officer), version)


@pytest.mark.parametrize("role", list(Role))
def test_a_service_decides_nothing(aims: Aims, officer: Actor, role: Role) -> None:
    a_statement(officer)
    machine = service("importer", role)
    may = [may_steer(machine), may_decide(machine, an_entry()), may_amend(machine, an_entry()), may_approve(machine)]
    assert may == [False] * 4
    assert not may_return(machine, StatementVersion(submitted_by_id=None))
