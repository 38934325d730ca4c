"""What rests on what, said by heart for a small organisation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.clock import now, standing_at
from accounts.context import acting_in
from aims.models import Aims
from assessments.actions import clone_edition
from controls.models import Requirement
from evidence.actions import expect_evidence, withdraw_evidence
from ledger.models import Log
from soa.actions import decide_for_system
from soa.models import Applicability
from systems.actions import rely_on
from tests.make import an_organisation
from tests.soa.make import an_entry, excluded
from tests.systems.make import a_system
from tests.trace.lineage.make import (
    CODE,
    ENTRY,
    World,
    a_finding_provider,
    a_world,
    an_item,
    proofs,
    record,
    role,
    things,
)
from trace import ports
from trace.lineage.query import NothingThere, lineage_of
from trace.lineage.shapes import Lineage

pytestmark = pytest.mark.db_both


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


def edges_of(lineage: Lineage, relation: str) -> set[tuple[str, str]]:
    """The ends of all edges of a relation."""
    return {(edge.source, edge.target) for edge in lineage.edges if edge.relation == relation}


def test_a_row_rests_on_systems_assessment_reasons_and_proof(world: World) -> None:
    found = world.asked(ENTRY)
    report, policy = f"{world.report.ref}@2", f"{world.policy.ref}@1"
    assert things(found.back) == {
        world.ranker.ref, world.extractor.ref, world.assessment.ref, world.risk.ref, world.obligation,
        report, policy, "criteria:1",
    }  # fmt: skip
    assert proofs(found.back) == {
        record(ENTRY, "soa.decided"),
        record(ENTRY, "soa.amended"),
        record(world.ranker.ref, "system.scope_said"),
        record(world.extractor.ref, "system.scope_said"),
        record(world.assessment.ref, "assessment.decided"),
        record(world.assessment.ref, "assessment.submitted"),
        record(world.risk.ref, "risk.treated"),
        record(world.obligation, "obligation.recorded"),
        record(world.report.ref, "evidence.renewed"),
        record(world.policy.ref, "evidence.given"),
        record("criteria:1", "criteria.set"),
        *role(world.officer),
        *role(world.approver),
    }
    assert edges_of(found, "covers") >= {(ENTRY, world.ranker.ref), (ENTRY, world.extractor.ref)}
    assert edges_of(found, "because_of") == {(ENTRY, world.risk.ref), (ENTRY, world.obligation)}
    assert edges_of(found, "proved_by") == {(ENTRY, report), (ENTRY, policy)}
    assert (report, world.ranker.ref) in edges_of(found, "covers")


def test_what_depends_on_a_row(world: World) -> None:
    found = world.asked(ENTRY)
    assert set(found.forward) == {world.ranker.ref, world.risk.ref, "statement:SOA"}
    assert edges_of(found, "relies_on") == {(world.ranker.ref, ENTRY)}
    assert edges_of(found, "treated_by") == {(world.risk.ref, ENTRY)}
    assert found.nodes["statement:SOA"].state == "pending"


def test_a_version_of_evidence_both_ways(world: World) -> None:
    found = world.asked(world.report.ref)
    assert found.subject == f"{world.report.ref}@2"
    assert things(found.back) == {f"{world.report.ref}@1", world.ranker.ref, world.assessment.ref, "criteria:1"}
    assert record(world.report.ref, "evidence.renewed") in found.back
    assert record(world.report.ref, "evidence.given") in found.back
    assert set(found.forward) == {ENTRY}
    older = world.asked(f"{world.report.ref}@1")
    assert set(older.forward) == {f"{world.report.ref}@2"}
    assert older.node.state == "past"
    assert older.node.record is not None
    assert older.node.record.event == "evidence.given"


def test_evidence_of_a_clause_leads_to_the_clause(world: World) -> None:
    found = world.asked(world.policy.ref)
    assert set(found.forward) == {ENTRY, "requirement:9.1"}
    assert things(found.back) == set()
    clause = world.asked("requirement:9.1")
    assert things(clause.back) == {f"{world.policy.ref}@1"}
    assert world.asked(f"requirement:{CODE}").subject == ENTRY


def test_an_assessment_both_ways(world: World) -> None:
    found = world.asked(world.assessment.ref)
    assert things(found.back) == {world.ranker.ref, "criteria:1", "entry:A.9.2"}
    assert set(found.forward) == {ENTRY, f"{world.report.ref}@2", world.risk.ref, world.ranker.ref}
    assert (world.assessment.ref, "entry:A.9.2") in edges_of(found, "mitigated_by")
    assert {record(world.assessment.ref, "assessment.decided"), *role(world.approver)} <= set(found.back)


def test_a_bare_assessment_is_its_newest_edition(world: World) -> None:
    later = clone_edition(world.assessment, reason="Another model.", actor=world.officer)
    found = world.asked(f"assessment:{world.assessment.code}")
    assert found.subject == later.ref == f"assessment:{world.assessment.code}@1.1"
    assert world.assessment.ref in found.back
    assert found.node.state == "pending"
    older = world.asked(world.assessment.ref)
    assert later.ref in older.forward
    assert later.ref not in older.back


def test_a_risk_both_ways(world: World) -> None:
    found = world.asked(world.risk.ref)
    assert things(found.back) == {world.ranker.ref, world.assessment.ref, "criteria:1", ENTRY}
    assert set(found.forward) == {ENTRY}
    assert edges_of(found, "treated_by") == {(world.risk.ref, ENTRY)}
    assert edges_of(found, "because_of") == {(ENTRY, world.risk.ref)}


def test_a_system_both_ways(world: World) -> None:
    found = world.asked(world.ranker.ref)
    assert things(found.back) == {world.assessment.ref, ENTRY}
    assert set(found.forward) == {world.assessment.ref, world.risk.ref, f"{world.report.ref}@2", ENTRY}
    assert world.extractor.ref not in found.nodes
    facts = dict(found.node.facts)
    assert (found.node.title, found.node.note, facts["Model in use"]) == ("Ranker", "2.7", "Rank 2.7")


def test_an_obligation_and_the_criteria_lead_forward(world: World) -> None:
    assert set(world.asked(world.obligation).forward) == {ENTRY}
    criteria = world.asked("criteria:1")
    assert things(criteria.back) == set()
    assert {world.assessment.ref, world.risk.ref, ENTRY} <= set(criteria.forward)


def test_an_excluded_row_is_there_for_no_system(world: World) -> None:
    assert world.asked("entry:A.7.3").node.note == "Undecided"
    excluded(world.officer, "A.7.3", reasons=[{"code": "NR", "ref": world.risk.ref}])
    found = world.asked("entry:A.7.3")
    assert world.extractor.ref not in found.nodes
    assert world.risk.ref in found.back
    assert found.node.note == "Excluded"


def test_a_row_does_not_cover_a_system_it_is_excluded_for(world: World) -> None:
    decide_for_system(
        an_entry(CODE),
        world.extractor,
        applicability=Applicability.EXCLUDED,
        why="It ranks nobody.",
        implementation="",
        seen=1,
        actor=world.officer,
    )
    assert world.extractor.ref not in world.asked(ENTRY).nodes


def test_withdrawn_and_awaited_evidence_proves_nothing(world: World) -> None:
    withdraw_evidence(world.policy, reason="Obsolete.", seen=world.policy.version, actor=world.officer)
    awaited = expect_evidence("Annual test", actor=world.officer, requirements=[Requirement.objects.get(code=CODE)])
    found = world.asked(ENTRY)
    assert f"{world.policy.ref}@1" not in found.nodes
    assert awaited.ref not in found.nodes
    assert world.asked(awaited.ref).node.note == "still to be given"
    assert world.asked(world.policy.ref).node.state == "past"


def test_one_direction_alone(world: World) -> None:
    back, forward = world.asked(ENTRY, direction="back"), world.asked(ENTRY, direction="forward")
    both = world.asked(ENTRY)
    assert (back.back, back.forward) == (both.back, ())
    assert (forward.back, forward.forward) == ((), both.forward)


def test_references_come_in_order_of_distance(world: World) -> None:
    found = world.asked(ENTRY)
    place = {ref: number for number, ref in enumerate(found.back)}
    assert place[world.ranker.ref] < place["criteria:1"]
    assert found.back.index(record(ENTRY, "soa.decided")) < place["criteria:1"]


def test_depth_and_limit_are_said(world: World) -> None:
    shallow = world.asked(ENTRY, depth=1)
    assert "criteria:1" not in shallow.nodes
    assert shallow.is_cut
    assert not world.asked(ENTRY).is_cut
    few = world.asked(ENTRY, limit=3)
    assert len(things(few.back)) == 3
    assert few.left_out >= 4
    assert world.asked(ENTRY).left_out == 0


def test_a_later_room_tells_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingThere, match="There is no finding NC-2026-03 here"):
        world.asked("finding:NC-2026-03")
    monkeypatch.setattr("trace.ports._providers", list(ports.lineage_providers()))
    ports.tells_lineage(a_finding_provider(ENTRY, "NC-2026-03"))
    found = world.asked("finding:NC-2026-03")
    assert {ENTRY, world.ranker.ref, world.assessment.ref, *role(world.approver)} <= set(found.back)
    assert "finding:NC-2026-03" in world.asked(ENTRY).forward
    with pytest.raises(NothingThere, match="There is no finding NC-2026-04 here"):
        world.asked("finding:NC-2026-04")


@pytest.mark.parametrize(
    "subject",
    [
        *("entry:A.99", "system:SYS-99", "assessment:IA-1999-01", "assessment:IA-1999-01@1.0", "evidence:EV-999"),
        *("evidence:EV-001@99", "evidence:EV-001@x", "risk:R-999", "version:SOA-9", "version:3", "record:999999"),
        *("record:x", "membership:999999", "obligation:Z-1", "scope:9", "criteria:9", "milestone:9", "requirement:0"),
        *(
            "audit:AUD-3",
            "nonsense:1",
            "entry:",
            ":A.6.2.4",
            "A.6.2.4",
            "",
            "record:99999999999999999999",
            "entry:\x00",
        ),
    ],
)
def test_what_is_not_there_is_refused(world: World, subject: str) -> None:
    with pytest.raises(NothingThere):
        world.asked(subject)


def test_things_of_another_organisation_are_not_there(world: World) -> None:
    theirs, stranger = an_organisation()
    with acting_in(theirs, stranger):
        foreign = a_system(stranger, name="Their system")
        for subject in (ENTRY, world.report.ref, world.assessment.ref, record_elsewhere()):
            with pytest.raises(NothingThere):
                lineage_of(subject, theirs)
    assert world.asked(foreign.ref).node.title == "Ranker"  # the codes are the same, the things are not


def record_elsewhere() -> str:
    """A number that only the longer log of the other organisation has."""
    return f"record:{Log.unscoped.order_by('-size')[0].size}"


def counted(world: World, subject: str) -> int:
    """How many queries a lineage costs."""
    world.asked(subject)
    with CaptureQueriesContext(connection) as queries:
        world.asked(subject)
    return len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.parametrize("kind", ["entry", "system", "risk", "assessment", "evidence"])
def test_many_things_cost_what_few_do(world: World, kind: str) -> None:
    subject = {
        "entry": ENTRY,
        "system": world.ranker.ref,
        "risk": world.risk.ref,
        "assessment": world.assessment.ref,
        "evidence": world.report.ref,
    }[kind]
    few = counted(world, subject)
    size = len(world.asked(subject).nodes)
    requirement = Requirement.objects.get(code=CODE)
    for number in range(300 if kind == "entry" else 60):
        an_item(world.officer, f"Test {number}", CODE, system=world.ranker)
    for number in range(20):
        system = a_system(world.officer, name=f"System {number}", in_scope=True, model_version="1")
        rely_on(system, requirement, why="It is tested", actor=world.officer)
    assert counted(world, subject) == few
    assert few < 80
    if kind in ("entry", "system"):
        assert len(world.asked(subject).nodes) >= size + 60


def test_the_clock_of_the_organisation_judges_what_is_overdue(world: World) -> None:
    an_item(world.officer, "Old", CODE, renew_by=now().date())
    with standing_at(now().replace(year=now().year + 2)):
        found = world.asked(ENTRY)
    assert any("was to be renewed by" in gap.text for gap in found.gaps)
