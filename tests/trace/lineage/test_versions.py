"""A version answers from what it froze, whatever came later."""

import pytest

from accounts.actor import Actor
from aims.models import Aims
from soa.actions import amend, return_version
from systems.actions import edit_system
from tests.evidence.make import a_version
from tests.soa.make import a_version as a_submitted_version
from tests.soa.make import an_entry, approved, decided, excluded
from tests.trace.lineage.make import (
    CODE,
    ENTRY,
    World,
    a_world,
    an_item,
    record,
    things,
)

pytestmark = pytest.mark.db_both


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


@pytest.fixture
def version(aims: Aims, officer: Actor) -> World:
    """The same organisation with a whole statement that was approved."""
    world = a_world(aims, officer)
    an_item(officer, "Log", "A.9.2")
    decided(officer)
    row = an_entry(CODE)
    reasons = [{"code": "RT", "ref": world.risk.ref}]
    amend(row, {"reasons": reasons}, seen=row.version, actor=officer)
    approved(aims, a_submitted_version(aims, officer), officer)
    return world


def test_a_version_rests_on_what_it_froze(version: World) -> None:
    found = version.asked("version:SOA-1")
    rows = {ref for ref in found.back if ref.startswith("entry:")}
    assert len(rows) == 38
    assert things(found.back) - rows == {
        version.ranker.ref, version.extractor.ref, "system:SYS-03", version.assessment.ref, version.risk.ref,
        version.obligation, f"{version.report.ref}@2", f"{version.policy.ref}@1", "evidence:EV-003@1", "criteria:1",
    }  # fmt: skip
    assert {record("version:SOA-1", "version.approved"), record("version:SOA-1", "version.submitted")} <= set(
        found.back
    )
    assert found.forward == ()
    assert found.gaps == ()
    assert "version:SOA-1" in version.asked(ENTRY).forward


def test_a_version_is_not_told_by_what_came_later(version: World) -> None:
    at_that_time = version.asked("version:SOA-1")
    before = at_that_time.nodes[ENTRY].record
    a_version(version.policy, actor=version.officer)
    edit_system(version.ranker, model_version="3.0", seen=version.ranker.version, actor=version.officer)
    excluded(version.officer, "A.7.3")
    found = version.asked("version:SOA-1")
    assert things(found.back) == things(at_that_time.back)
    assert found.nodes["entry:A.7.3"].note == "Included, not started"
    assert found.nodes[version.ranker.ref].note == "2.7"
    assert found.nodes[ENTRY].record == before
    assert found.gaps == ()
    assert "version:SOA-1" not in version.asked(f"{version.policy.ref}@2").forward
    assert "version:SOA-1" in version.asked(f"{version.policy.ref}@1").forward
    assert "version:SOA-1" in version.asked(version.assessment.ref).forward


def test_the_next_version_supersedes(version: World) -> None:
    row = an_entry("A.7.3")
    amend(row, {"why": "For another reason."}, seen=row.version, actor=version.officer)
    a_submitted_version(version.aims, version.officer, "Second.")
    found = version.asked("version:SOA-2")
    assert "version:SOA-1" in found.back
    assert found.node.state == "pending"
    assert "version:SOA-2" in version.asked("version:SOA-1").forward


def test_a_returned_version_and_the_one_that_bears_its_number(version: World) -> None:
    excluded(version.officer, "A.7.3")
    returned = a_submitted_version(version.aims, version.officer, "Second.")
    return_version(returned, reason="Say more.", seen=returned.version, actor=version.officer)
    found = version.asked("version:SOA-2")
    assert (found.node.state, found.node.note.partition(" ")[0]) == ("past", "returned")
    assert record("version:SOA-2", "version.returned") in found.back
    assert found.gaps == ()
    a_submitted_version(version.aims, version.officer, "Second, once more.")
    again = version.asked("version:SOA-2")
    assert (again.node.state, again.node.title) == ("pending", "Second, once more")
    assert again.nodes["entry:A.7.3"].note == "Excluded"


def test_the_draft_rests_on_nothing_that_is_decided(world: World) -> None:
    found = world.asked("statement:SOA")
    assert (found.node.code, found.node.state, found.back) == ("Draft 1", "pending", ())
