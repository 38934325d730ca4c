"""Records, roles and the management system's own things in the lineage."""

from datetime import date

import pytest

from accounts.actor import Actor
from aims.actions import revoke, withdraw_obligation
from aims.models import Aims, Membership, Obligation
from audits.actions import withdraw_milestone
from audits.models import MilestoneKind
from evidence.actions import link_evidence
from soa.actions import decide
from soa.models import Applicability
from systems.models import Reliance
from tests.aims.make import a_scope
from tests.audits.make import a_milestone
from tests.evidence.make import requirements
from tests.soa.make import an_entry
from tests.trace.lineage.make import (
    CODE,
    ENTRY,
    World,
    a_world,
    record,
    role,
    things,
)

pytestmark = pytest.mark.db_both


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


def test_a_decision_is_told_by_its_record(world: World) -> None:
    ref = record(ENTRY, "soa.decided")
    found = world.asked(ref)
    assert (found.node.kind, found.node.title) == ("decision", f"Include {CODE}")
    assert {ENTRY, world.ranker.ref, world.assessment.ref, *role(world.officer)} <= set(found.back)
    assert ENTRY in found.forward


def test_an_old_decision_is_not_told_by_what_is_true_today(world: World) -> None:
    ref = record(ENTRY, "soa.decided")
    row = an_entry(CODE)
    decide(row, Applicability.INCLUDED, why="Another reason.", seen=row.version, actor=world.officer)
    found = world.asked(ref)
    assert things(found.back) == {ENTRY}
    assert found.forward == ()


def test_a_record_of_evidence_names_its_version(world: World) -> None:
    found = world.asked(record(world.report.ref, "evidence.renewed"))
    assert f"{world.report.ref}@2" in found.back
    assert world.ranker.ref in found.back
    assert f"{world.report.ref}@2" in found.forward


def test_what_was_done_under_a_role(world: World) -> None:
    [membership] = [ref for ref in role(world.approver) if ref.startswith("membership:")]
    found = world.asked(membership)
    assert things(found.back) == set()
    assert record(membership, "membership.granted") in found.back
    decided_in = record(world.assessment.ref, "assessment.decided")
    assert {decided_in, world.assessment.ref} <= set(found.forward)
    assert (found.node.title, found.nodes[decided_in].kind) == ("Approver", "approval")


def test_scopes_follow_each_other(world: World) -> None:
    a_scope(world.officer)
    a_scope(world.officer, "All of it.")
    found = world.asked("scope:2")
    assert things(found.back) == {"scope:1"}
    assert record("scope:2", "scope.stated") in found.back
    assert world.asked("scope:1").forward == ("scope:2",)
    assert "in effect from" in found.node.note


def test_a_date_of_the_cycle(world: World) -> None:
    planned = a_milestone(world.officer, body="Northgate")
    held = a_milestone(world.officer, date(2026, 1, 5), kind=MilestoneKind.STAGE_1, held_on=date(2026, 1, 5))
    gone = a_milestone(world.officer, date(2027, 9, 21))
    withdraw_milestone(gone, reason="Moved.", seen=gone.version, actor=world.officer)
    states = [world.asked(row.ref).node.state for row in (planned, held, gone)]
    assert states == ["pending", "ok", "past"]
    assert world.asked(planned.ref).node.note == "planned for 22 Sep 2026"
    assert record(held.ref, "milestone.held") in world.asked(held.ref).back


def test_ended_things_are_told_as_past(world: World) -> None:
    row = Obligation.objects.get(code=world.obligation.partition(":")[2])
    withdraw_obligation(row, reason="Repealed.", seen=row.version, actor=world.officer)
    assert world.asked(world.obligation).node.state == "past"
    membership = Membership.objects.get(user=world.approver.user_id)
    revoke(membership, reason="left", seen=membership.version, actor=world.officer)
    assert world.asked(membership.ref).node.state == "past"


def test_records_about_things_without_a_lineage_stand_alone(world: World) -> None:
    link = Reliance.objects.get(system=world.ranker)
    found = world.asked(record(link.ref, "system.relied_on"))
    assert things(found.back) == set()
    assert role(world.officer) <= set(found.back)


def test_a_record_of_a_link_is_about_the_newest_version(world: World) -> None:
    link_evidence(world.report, requirements("A.9.2"), actor=world.officer)
    found = world.asked(record(world.report.ref, "evidence.linked"))
    assert f"{world.report.ref}@2" in found.back


def test_the_first_acts_of_an_organisation_took_no_role(world: World) -> None:
    found = world.asked("record:2")
    assert found.node.record is not None
    assert found.node.record.authority.words == "No role was needed"
    assert f"membership:{world.officer.authorities[0].membership_id}" in found.back
