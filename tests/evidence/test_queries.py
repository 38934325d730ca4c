"""What other rooms ask: right, as of any instant, and in as many queries for 300 links as for 3."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from controls.models import Requirement
from evidence.actions import edit_evidence, expect_evidence, link_evidence, withdraw_evidence, withdraw_link
from evidence.models import Evidence
from evidence.queries import Freshness, evidence_by_requirement, evidence_index, freshness, renewals
from evidence.state import EvidenceState, state_of, worst
from systems.models import AiSystem
from tests.evidence.make import a_note, a_version, an_evidence, requirements

pytestmark = pytest.mark.db_both
TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("renew_by", "state"),
    [
        (None, EvidenceState.CURRENT),
        (date(2026, 7, 16), EvidenceState.CURRENT),
        (date(2026, 7, 15), EvidenceState.DUE),
        (date(2026, 6, 15), EvidenceState.DUE),
        (date(2026, 6, 14), EvidenceState.OVERDUE),
    ],
)
def test_the_date_to_renew_by_is_the_last_good_day(renew_by: date | None, state: EvidenceState) -> None:
    assert state_of(renew_by, TODAY) == state


def test_how_early_renewal_falls_due_is_a_setting(settings: Any) -> None:
    settings.EVIDENCE_DUE_DAYS = 5
    assert state_of(TODAY + timedelta(days=6), TODAY) == EvidenceState.CURRENT


def test_the_worst_of_several_counts() -> None:
    assert worst([EvidenceState.CURRENT, EvidenceState.OVERDUE, EvidenceState.DUE]) == EvidenceState.OVERDUE
    assert worst([]) == EvidenceState.NONE


def test_a_requirement_knows_what_proves_it(aims: Aims, officer: Actor) -> None:
    old = an_evidence(actor=officer, name="old.pdf", serves=["A.2.2"], renew_by=date(2026, 1, 1))
    a_version(old, actor=officer, renew_by=date(2026, 7, 1))
    a_note(actor=officer, title="fine", serves=["A.2.2", "A.2.3"], renew_by=date(2027, 1, 1))
    expect_evidence("Awaited", requirements=requirements("A.2.4", "A.2.2"), actor=officer)
    gone = a_note(actor=officer, title="gone", serves=["A.2.3"])
    withdraw_evidence(gone, reason="x", seen=1, actor=officer)
    found = evidence_by_requirement(TODAY)
    policy, alignment, review = requirements("A.2.2", "A.2.3", "A.2.4")
    summary = found[policy.pk]
    assert (summary.state, summary.count, summary.next_renewal) == (EvidenceState.DUE, 2, date(2026, 7, 1))
    assert [ref.ref for ref in summary.refs] == ["evidence:EV-001@2", "evidence:EV-002@1"]
    assert summary.awaited == ("Awaited",)
    assert found[alignment.pk].count == 1
    assert (found[review.pk].state, found[review.pk].count) == (EvidenceState.NONE, 0)
    assert set(found) == {policy.pk, alignment.pk, review.pk}


def test_an_item_linked_for_two_systems_counts_once(aims: Aims, officer: Actor) -> None:
    item = a_note(actor=officer, serves=["A.2.2"])
    system = AiSystem.objects.create(aims=aims, code="SYS-01", name="RAG", purpose="Answers", model_version="4.2")
    (link,) = link_evidence(item, requirements("A.2.2"), system=system, actor=officer)
    assert link.system_version == "4.2"
    (summary,) = evidence_by_requirement(TODAY).values()
    assert summary.count == 1


def test_the_past_is_answered_as_it_was(aims: Aims, officer: Actor) -> None:
    start = datetime(2026, 1, 10, 12, tzinfo=UTC)
    with clock.standing_at(start):
        item = a_note(actor=officer, title="Before", serves=["A.2.2"], renew_by=date(2026, 12, 31))
    with clock.standing_at(start + timedelta(days=10)):
        edit_evidence(item, title="After", kind="record", owner=None, seen=1, actor=officer)
        a_version(item, actor=officer, renew_by=date(2027, 12, 31))
        withdraw_link(item.links.get(), reason="moved", actor=officer)
        link_evidence(item, requirements("A.2.3"), actor=officer)
    with clock.standing_at(start + timedelta(days=20)):
        item.refresh_from_db()
        withdraw_evidence(item, reason="done", seen=item.version, actor=officer)
    policy, alignment = requirements("A.2.2", "A.2.3")

    def at(days: int) -> datetime:
        return start + timedelta(days=days, hours=1)

    assert evidence_by_requirement(TODAY, at(-2)) == {}
    assert evidence_by_requirement(TODAY, at(0))[policy.pk].refs[0].number == 1
    later = evidence_by_requirement(TODAY, at(10))
    assert set(later) == {alignment.pk}
    assert later[alignment.pk].refs[0].number == 2
    assert evidence_by_requirement(TODAY, at(20)) == {}
    assert evidence_by_requirement(TODAY) == {}
    (line,) = evidence_index(TODAY, at(0))
    assert (line.title, line.kind, line.number, line.controls) == ("Before", "document", 1, ("A.2.2",))
    (line,) = evidence_index(TODAY, at(10))
    assert (line.title, line.kind, line.number, line.controls) == ("After", "record", 2, ("A.2.3",))
    assert evidence_index(TODAY) == []


def test_the_index_names_files_and_controls_in_the_standard_order(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer, serves=["A.10.2", "9.1", "A.2.2"])
    expect_evidence("Awaited", actor=officer)
    (line,) = evidence_index(TODAY)
    assert line.controls == ("9.1", "A.2.2", "A.10.2")
    assert (line.files[0].name, len(line.files[0].sha256)) == ("report.pdf", 64)


def test_freshness_counts_each_item_once(aims: Aims, officer: Actor) -> None:
    a_note(actor=officer)
    a_note(actor=officer, renew_by=date(2026, 7, 1))
    a_note(actor=officer, renew_by=date(2026, 6, 1))
    expect_evidence("Awaited", actor=officer)
    withdraw_evidence(a_note(actor=officer), reason="x", seen=1, actor=officer)
    assert freshness(TODAY) == Freshness(total=4, current=1, due=1, overdue=1, awaited=1, withdrawn=1)


def test_renewals_come_the_most_urgent_first(aims: Aims, officer: Actor) -> None:
    a_note(actor=officer, title="Later", renew_by=date(2026, 8, 1))
    a_note(actor=officer, title="Soon", renew_by=date(2026, 7, 1))
    a_note(actor=officer, title="Too late to matter", renew_by=date(2027, 1, 1))
    assert [(code, title) for code, title, _owner, _on in renewals(date(2026, 9, 1), 5)] == [
        ("EV-002", "Soon"),
        ("EV-001", "Later"),
    ]
    assert [code for code, *_more in renewals(date(2026, 9, 1), 1)] == ["EV-002"]


def test_300_links_cost_as_many_queries_as_3(aims: Aims, officer: Actor) -> None:
    controls = list(Requirement.objects.linkable().in_order()[:38])
    questions = (
        lambda: evidence_by_requirement(TODAY),
        lambda: freshness(TODAY),
        lambda: evidence_index(TODAY),
        lambda: evidence_index(TODAY, clock.now()),
    )

    def cost() -> list[int]:
        counts = []
        for question in questions:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                question()
            counts.append(len(queries))
        return counts

    link_evidence(a_note(actor=officer), controls[:3], actor=officer)
    few = cost()
    for number in range(8):
        link_evidence(a_note(actor=officer, title=f"Note {number}"), controls, actor=officer)
    assert Evidence.objects.count() == 9
    assert cost() == few == [1, 1, 3, 3]
    assert sum(summary.count for summary in evidence_by_requirement(TODAY).values()) == 307
