"""Policies in the lineage: what a control's policies say of the systems, and which a system does not pass."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor, service
from aims.models import Aims
from policies.actions import switch_policy, write_policy
from policies.engine import is_here
from policies.models import Policy
from systems.actions.judge import note_judging
from systems.judging.work import judge_all, read
from tests.systems.make import a_system
from tests.trace.lineage.make import CODE, ENTRY, World, a_world

pytestmark = [pytest.mark.db_both, pytest.mark.skipif(not is_here(), reason="there is no engine for policies here")]
TEXT = """# METADATA
# title: The model has a version
# custom:
#   controls: [%s]
#   severity: blocking
package own.versioned

deny contains "model.version is missing" if not input.model.version
"""


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    made = a_world(aims, officer)
    write_policy("own_versioned", TEXT % CODE, actor=officer)
    return made


def judge() -> None:
    note_judging(judge_all(read()), occasion="night", by_id=None, actor=service("judge"))


def test_a_control_shows_what_its_policies_say(world: World) -> None:
    found = world.asked(ENTRY)
    assert "policy:own_versioned" in found.back
    assert found.nodes["policy:own_versioned"].note == "no system owes it yet"
    judge()
    node = (found := world.asked(ENTRY)).nodes["policy:own_versioned"]
    assert node.state == "gap"
    failing = dict(node.facts)["Does not pass"].split(", ")
    assert world.extractor.code in failing
    assert node.note == f"{3 - len(failing)} of 3 systems pass"
    assert {one.event for one in node.records} == {"policy.written", "system.judged"}
    assert found.hashes == found.matching
    assert all(gap.ref != node.ref for gap in found.gaps)


def test_a_policy_leads_to_its_controls_and_to_what_does_not_pass_it(world: World) -> None:
    judge()
    found = world.asked("policy:own_versioned")
    assert {ENTRY, world.extractor.ref} <= set(found.forward)
    assert "policy:own_versioned" in world.asked(world.extractor.ref).back


def test_a_policy_that_is_off_is_of_the_past(world: World, officer: Actor) -> None:
    row = Policy.objects.get()
    judge()
    switch_policy(row, is_on=False, reason="Replaced", seen=row.version, actor=officer)
    assert "policy:own_versioned" not in world.asked(ENTRY).nodes
    assert world.asked("policy:own_versioned").node.state == "past"


def test_many_systems_cost_what_few_do(world: World, officer: Actor) -> None:
    def cost() -> int:
        world.asked(ENTRY)
        with CaptureQueriesContext(connection) as queries:
            world.asked(ENTRY)
        return len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    judge()
    few = cost()
    for number in range(12):
        a_system(officer, name=f"Other {number}", in_scope=True)
    judge()
    assert cost() == few
