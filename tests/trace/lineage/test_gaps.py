"""Where the thread is broken, lineage says so; where it is not, it stays silent."""

import json
from datetime import timedelta

import pytest

from accounts.actor import Actor
from accounts.clock import now
from aims.actions import revoke
from aims.models import Aims, Membership
from assessments.models import Assessment, Risk
from ledger.models import Annex, Leaf, Record, Waiting
from soa.models import Entry, StatementVersion
from systems.actions import edit_system
from systems.models import AiSystem
from tests.databases import guards_lifted, owning
from tests.soa.make import a_version as a_submitted_version
from tests.soa.make import approved, decided
from tests.trace.lineage.make import CODE, ENTRY, World, a_world, an_item, record
from trace.lineage.shapes import Lineage

NO_VERSION = f"No approved version holds {CODE}."
NEVER_ASSESSED = "Extractor is in scope and has no impact assessment that was decided."


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


def gaps(lineage: Lineage) -> set[str]:
    return {gap.text for gap in lineage.gaps}


def test_a_sound_thread_has_the_gaps_it_has(world: World) -> None:
    found = world.asked(ENTRY)
    assert gaps(found) == {NO_VERSION, NEVER_ASSESSED}
    assert found.matching == found.hashes > 10
    assert (found.node.state, found.nodes[world.extractor.ref].state) == ("gap", "gap")
    assert found.nodes[world.ranker.ref].state == "ok"
    assert world.asked(world.report.ref).gaps == ()


def test_a_system_that_moved_on_from_its_assessment_and_its_proof(world: World) -> None:
    edit_system(world.ranker, model_version="2.8", seen=world.ranker.version, actor=world.officer)
    told = gaps(world.asked(world.report.ref))
    assert told == {
        "Ranker runs 2.8 but was last assessed at 2.7.",
        f"{world.report.code} covers {world.ranker.code} at 2.7, which runs 2.8 by now.",
    }
    assert world.asked(world.ranker.ref).node.note == "2.8, assessed at 2.7"


def test_a_system_out_of_scope_owes_no_assessment(world: World) -> None:
    playground = AiSystem.objects.get(name="Playground")
    assert world.asked(playground.ref).gaps == ()


@pytest.mark.parametrize(("days", "is_gap"), [(-1, True), (0, False), (1, False)])
def test_a_renewal_is_overdue_the_day_after(world: World, days: int, is_gap: bool) -> None:
    day = now().date() + timedelta(days=days)
    item = an_item(world.officer, "Log", CODE, made_on=day - timedelta(days=9), renew_by=day)
    assert any("was to be renewed" in text for text in gaps(world.asked(item.ref))) == is_gap


def test_a_review_that_is_due(world: World) -> None:
    Assessment.objects.filter(pk=world.assessment.pk).update(next_review_on=now().date() - timedelta(days=1))
    assert any("was due for review" in text for text in gaps(world.asked(world.assessment.ref)))


def test_an_included_row_without_proof(world: World) -> None:
    assert "A.9.2 is included and no evidence is linked to it." not in gaps(world.asked("entry:A.9.2"))
    decided(world.officer)
    assert "A.9.2 is included and no evidence is linked to it." in gaps(world.asked("entry:A.9.2"))
    Entry.objects.filter(requirement__code="A.9.2").update(expects_evidence=False, no_evidence_reason="None exists.")
    assert "A.9.2 is included and no evidence is linked to it." not in gaps(world.asked("entry:A.9.2"))


def test_an_approved_version_closes_its_gap(world: World) -> None:
    decided(world.officer)
    version = a_submitted_version(world.aims, world.officer)
    assert NO_VERSION in gaps(world.asked(ENTRY))
    approved(world.aims, version, world.officer)
    assert NO_VERSION not in gaps(world.asked(ENTRY))


def test_an_authority_that_did_not_hold(world: World, officer: Actor) -> None:
    row = Membership.objects.get(user=world.approver.user_id)
    revoke(row, reason="left", seen=row.version, actor=officer)
    assert gaps(world.asked(world.assessment.ref)) == set()
    at = Assessment.objects.get(pk=world.assessment.pk).decided_at
    assert at is not None
    Membership.objects.filter(pk=row.pk).update(revoked_at=at - timedelta(days=1))
    found = world.asked(ENTRY)
    [text] = gaps(found) - {NO_VERSION, NEVER_ASSESSED}
    assert text.startswith("Record #")
    assert f"decide {world.assessment.ref_code} by {world.approver.name}: Approver, granted by" in text
    assert text.endswith("before this.")
    assert found.nodes[world.assessment.ref].state == "gap"


def test_a_text_that_was_rewritten(world: World) -> None:
    with owning(), guards_lifted():
        Annex.objects.filter(record__subject=ENTRY, field="rationale").update(text="Nobody asked")
    found = world.asked(ENTRY)
    number = record(ENTRY, "soa.decided").removeprefix("record:")
    assert f"Record #{number} does not match its leaf: it was changed after it was recorded." in gaps(found)
    assert found.matching == found.hashes - 1
    assert found.nodes[f"record:{number}"].record is not None


def test_a_text_that_was_erased_is_no_gap(world: World) -> None:
    Annex.objects.filter(record__subject=ENTRY).update(text="", salt=b"")
    assert gaps(world.asked(ENTRY)) == {NO_VERSION, NEVER_ASSESSED}


def test_a_record_that_was_rewritten(world: World) -> None:
    row = Record.objects.get(subject=ENTRY, event="soa.decided")
    body = bytes(row.body).replace(b'"included"', b'"excluded"')
    assert body != bytes(row.body)
    with owning(), guards_lifted():
        Record.objects.filter(pk=row.pk).update(body=body)
    found = world.asked(ENTRY)
    assert any("does not match its leaf" in text for text in gaps(found))


def test_a_frozen_thing_that_was_rewritten(world: World) -> None:
    row = Assessment.objects.get(pk=world.assessment.pk)
    body = json.loads(bytes(row.frozen or b""))
    with owning(), guards_lifted():
        Assessment.objects.filter(pk=row.pk).update(frozen=json.dumps(body | {"decision": "decline"}).encode())
    assert gaps(world.asked(row.ref)) == {f"What {row.ref_code} froze does not match its digest."}
    found = world.asked(row.ref)
    assert (found.node.is_intact, found.hashes - found.matching) == (False, 1)


def test_a_digest_that_was_rewritten_with_its_body(world: World) -> None:
    decided(world.officer)
    version = approved(world.aims, a_submitted_version(world.aims, world.officer), world.officer)
    assert gaps(world.asked(version.ref)) == set()
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with owning(), guards_lifted():
        StatementVersion.objects.filter(pk=version.pk).update(digest=empty)
    assert gaps(world.asked(version.ref)) == {"What SOA-1 froze does not match its digest."}


def test_a_version_of_evidence_that_no_record_names(world: World) -> None:
    with owning(), guards_lifted():
        Leaf.objects.filter(record__subject=world.policy.ref).delete()
        Waiting.objects.filter(record__subject=world.policy.ref).delete()
        Annex.objects.filter(record__subject=world.policy.ref).delete()
        Record.objects.filter(subject=world.policy.ref).delete()
    assert "No record of the chain names what EV-002@1 froze." in gaps(world.asked(world.policy.ref))


def test_a_reason_that_names_nothing(world: World) -> None:
    Entry.objects.filter(requirement__code=CODE).update(reasons=[{"code": "RT", "ref": "risk:R-999"}])
    found = world.asked(ENTRY)
    assert "risk:R-999 is named and is not here." in gaps(found)
    assert found.nodes["risk:R-999"].note == "not found here"


def test_what_depends_on_a_thing_adds_no_gaps_of_its_own(world: World) -> None:
    found = world.asked(world.obligation)
    assert ENTRY in found.forward
    assert found.gaps == ()
    assert found.nodes[ENTRY].state == "ok"


def test_a_record_without_a_number_is_told_without_one(world: World) -> None:
    row = Risk.objects.get(pk=world.risk.pk)
    made = Record.objects.filter(subject=row.ref).order_by("-pk")[0]
    with owning(), guards_lifted():
        Leaf.objects.filter(record=made).delete()
    found = world.asked(row.ref)
    node = found.node
    assert node.record is not None
    assert (node.record.number, node.record.ref, node.record.leaf) == (None, "", "")
    assert found.matching == found.hashes
