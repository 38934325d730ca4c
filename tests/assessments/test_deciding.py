"""Submitting, sending back and deciding: complete, by two people, frozen."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions import grant
from aims.models import Aims
from aims.queries import actor_for
from aims.vocabulary import Band
from assessments.actions import (
    add_impact,
    add_measure,
    clone_edition,
    decide_assessment,
    edit_assessment,
    edit_impact,
    edit_measure,
    return_assessment,
    submit_assessment,
    withdraw_measure,
)
from assessments.actions.decide import MODES, NotDecidable, OwnWork
from assessments.actions.shared import NotOpen, NotWritable
from assessments.actions.submit import Incomplete
from assessments.checks import cautions, gaps
from assessments.models import Assessment, Decision, Impact, Measure
from assessments.queries import sheet_of
from duties.models import Task
from ledger.canonical import canonical
from ledger.models import Leaf, Record
from tests.assessments.make import (
    a_complete_assessment,
    a_decided_assessment,
    a_measure,
    a_submitted_assessment,
    a_system,
    an_approver,
    an_assessment,
    an_impact,
    newer_criteria,
)
from tests.make import User, a_member, trace_of

pytestmark = pytest.mark.db_both

SOON = {"next_review_on": date(2999, 1, 1)}


def body_of(event: str) -> dict[str, Any]:
    """The last record of a kind, as written."""
    found: dict[str, Any] = json.loads(bytes(Record.objects.filter(event=event).latest("pk").body))
    return found


def test_an_empty_draft_is_refused_with_everything_it_lacks(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    with pytest.raises(Incomplete) as caught:
        submit_assessment(row, seen=1, actor=officer)
    assert {gap.section for gap in caught.value.gaps} == {"purpose", "parties", "impacts"}
    assert "foreseeably be misused" in caught.value.message
    assert trace_of(row.ref) == ["assessment.started"]


def test_each_gap_names_its_row(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    impact = an_impact(row, officer, severity=None, target_likelihood=2)
    measure = a_measure(impact, officer, is_in_place=False)
    found = {gap.anchor: gap.text for gap in gaps(sheet_of(row))}
    assert set(found) == {f"impact-{impact.pk}", f"measure-{measure.pk}"}
    edit_impact(impact, seen=1, actor=officer, severity=2, target_severity=2, target_on=date(2999, 1, 1))
    edit_measure(measure, seen=1, actor=officer, due_on=date(2999, 1, 1))
    assert gaps(sheet_of(row)) == ()


def test_a_benefit_needs_no_score(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    add_impact(row, actor=officer, level="individual", valence="benefit", description="Answers come sooner")
    sheet = sheet_of(row)
    assert gaps(sheet) == ()
    assert (len(sheet.harms), len(sheet.benefits)) == (1, 1)
    assert sheet.benefits[0].before is None


def test_submitting_records_and_asks_an_approver(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    row = a_submitted_assessment(officer)
    assert (row.state, row.submitted_at is not None) == ("submitted", True)
    assert trace_of(row.ref)[-1] == "assessment.submitted"
    task = Task.objects.get(subject=row.ref, closed_at__isnull=True)
    assert task.owner_id == approver.user_id
    assert task.address.endswith(f"/assessments/{row.code}/1.0/")


def test_nobody_is_asked_to_decide_on_their_own_work(aims: Aims, officer: Actor) -> None:
    grant(User.objects.get(pk=officer.user_id), Role.APPROVER, actor=officer)
    row = a_submitted_assessment(officer)
    assert Task.objects.get(subject=row.ref).owner_id is None


def test_an_older_version_is_not_submitted(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    with pytest.raises(Conflict):
        submit_assessment(row, seen=1, actor=officer)


def test_sending_back_opens_it_again(aims: Aims, officer: Actor) -> None:
    reviewer = a_member(aims, Role.REVIEWER, by=officer)
    row = a_submitted_assessment(officer)
    with pytest.raises(NotWritable):
        return_assessment(row, reason=" ", seen=row.version, actor=reviewer)
    row = return_assessment(row, reason="Ask the works council", seen=row.version, actor=reviewer)
    assert row.state == "returned"
    assert trace_of(row.ref)[-1] == "assessment.returned"
    assert row.history.first().history_change_reason == "Ask the works council"
    tasks = Task.objects.filter(subject=row.ref, closed_at__isnull=True)
    assert [(task.kind, task.owner_id) for task in tasks] == [("assessment.revise", officer.user_id)]
    with pytest.raises(NotOpen):
        return_assessment(row, reason="Again", seen=row.version, actor=reviewer)
    row = edit_assessment(row, seen=row.version, actor=officer, benefits="Faster")
    submit_assessment(row, seen=row.version, actor=officer)
    assert trace_of(row.ref)[-1] == "assessment.submitted"


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUDITOR, Role.CERTIFIER])
def test_readers_do_not_send_back(aims: Aims, officer: Actor, role: Role) -> None:
    row = a_submitted_assessment(officer)
    with pytest.raises(NotAllowed):
        return_assessment(row, reason="No", seen=row.version, actor=a_member(aims, role, by=officer))


@pytest.mark.parametrize("decision", list(Decision))
def test_a_decision_freezes_and_names_what_it_was_taken_on(aims: Aims, officer: Actor, decision: Decision) -> None:
    approver = an_approver(aims, officer)
    row = a_submitted_assessment(officer)
    row = decide_assessment(
        row, decision, reason="Because.", conditions_by=date(2999, 1, 1), seen=row.version, actor=approver, **SOON
    )
    frozen = bytes(Assessment.objects.get(pk=row.pk).frozen or b"")
    data = json.loads(frozen)
    assert canonical(data) == frozen
    assert row.digest == sha256(frozen).hexdigest()
    assert data["decision"] == decision
    assert data["decided_by"] == approver.pseudonym
    assert data["criteria"]["bands"] == {"low": [1, 4], "moderate": [5, 9], "high": [10, 14], "severe": [15, 25]}
    assert data["impacts"][0]["before"] == {"likelihood": 4, "severity": 3, "score": 12, "band": "high"}
    assert data["impacts"][0]["measures"][0]["requirement"] == "A.9.2"
    assert (row.conditions_by is not None) == (decision == Decision.CONDITIONS)
    body = body_of("assessment.decided")
    assert body["subject"]["after_hash"] == row.digest
    assert (body["decision"]["mode"], body["decision"]["outcome"]) == (MODES[decision], decision)
    assert body["decision"]["harm"] == "high"
    assert body["authority"]["membership"] is not None
    assert not Task.objects.filter(subject=row.ref, closed_at__isnull=True).exists()


def test_a_decision_is_sealed(aims: Aims, officer: Actor, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = a_decided_assessment(officer, an_approver(aims, officer))
    record = Record.objects.get(event="assessment.decided", subject=row.ref)
    assert Leaf.objects.filter(record=record).exists()


def test_the_four_modes() -> None:
    assert {str(decision): mode for decision, mode in MODES.items()} == {
        "proceed": "continue",
        "conditions": "partial",
        "mitigate": "defer",
        "decline": "refuse",
    }


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_only_approvers_decide(aims: Aims, officer: Actor, role: Role) -> None:
    row = a_submitted_assessment(officer)
    with pytest.raises(NotAllowed):
        decide_assessment(row, Decision.DECLINE, reason="No", seen=row.version, actor=a_member(aims, role, by=officer))


def test_a_machine_does_not_decide_whatever_its_role(aims: Aims, officer: Actor) -> None:
    row = a_submitted_assessment(officer)
    with pytest.raises(NotAllowed):
        decide_assessment(row, Decision.DECLINE, reason="No", seen=row.version, actor=service("bot", Role.APPROVER))


def test_the_author_does_not_decide_even_as_approver(aims: Aims, officer: Actor) -> None:
    user = User.objects.get(pk=officer.user_id)
    row = a_submitted_assessment(officer)
    grant(user, Role.APPROVER, actor=officer)
    both = actor_for(user, aims, auth_method="password")
    assert both is not None
    with pytest.raises(OwnWork):
        decide_assessment(row, Decision.DECLINE, reason="No", seen=row.version, actor=both)
    assert Assessment.objects.get(pk=row.pk).state == "submitted"


Touch = Callable[[Assessment, Actor], object]
TOUCHES: dict[str, Touch] = {
    "texts": lambda row, actor: edit_assessment(row, seen=row.version, actor=actor, benefits="Faster"),
    "impact": lambda row, actor: edit_impact(Impact.objects.get(assessment=row), seen=1, actor=actor, who="Them"),
    "measure": lambda row, actor: edit_measure(
        Measure.objects.get(impact__assessment=row), seen=1, actor=actor, text="Other"
    ),
    "withdrawal": lambda row, actor: withdraw_measure(Measure.objects.get(impact__assessment=row), seen=1, actor=actor),
    "new measure": lambda row, actor: add_measure(
        Impact.objects.get(assessment=row), actor=actor, text="More", is_in_place=True
    ),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_whoever_changed_any_part_of_it_does_not_decide(aims: Aims, officer: Actor, touch: str) -> None:
    helper = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    other = an_approver(aims, officer)
    row = a_complete_assessment(officer)
    TOUCHES[touch](row, helper)
    row = Assessment.objects.get(pk=row.pk)
    row = submit_assessment(row, seen=row.version, actor=officer)
    with pytest.raises(OwnWork):
        decide_assessment(row, Decision.DECLINE, reason="No", seen=row.version, actor=helper)
    assert decide_assessment(row, Decision.DECLINE, reason="No", seen=row.version, actor=other).decision == "decline"


def test_an_approver_who_sent_it_back_may_decide_later(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    row = a_submitted_assessment(officer)
    row = return_assessment(row, reason="Ask them", seen=row.version, actor=approver)
    row = submit_assessment(row, seen=row.version, actor=officer)
    row = decide_assessment(row, Decision.PROCEED, reason="Fine", seen=row.version, actor=approver, **SOON)
    assert row.state == "decided"


@pytest.mark.parametrize("decision", [Decision.PROCEED, Decision.CONDITIONS])
def test_nobody_accepts_severe(aims: Aims, officer: Actor, decision: Decision) -> None:
    approver = an_approver(aims, officer)
    row = a_submitted_assessment(officer, likelihood=3, severity=5)
    assert sheet_of(row).worst_now is not None
    with pytest.raises(NotDecidable, match="Nobody may accept Severe; mitigate first or decline"):
        decide_assessment(
            row, decision, reason="Fine", conditions_by=date(2999, 1, 1), seen=row.version, actor=approver, **SOON
        )
    row = decide_assessment(row, Decision.MITIGATE, reason="First", seen=row.version, actor=approver)
    assert body_of("assessment.decided")["decision"]["harm"] == Band.SEVERE


@pytest.mark.parametrize(
    ("decision", "given", "field"),
    [
        (Decision.CONDITIONS, SOON, "conditions_by"),
        (Decision.CONDITIONS, SOON | {"conditions_by": date(2001, 1, 1)}, "conditions_by"),
        (Decision.PROCEED, {}, "next_review_on"),
        (Decision.PROCEED, {"next_review_on": date(2001, 1, 1)}, "next_review_on"),
    ],
)
def test_dates_are_needed_and_not_past(
    aims: Aims, officer: Actor, decision: Decision, given: dict[str, date], field: str
) -> None:
    row = a_submitted_assessment(officer)
    with pytest.raises(NotDecidable) as caught:
        decide_assessment(row, decision, reason="Fine", seen=row.version, actor=an_approver(aims, officer), **given)
    assert caught.value.field == field


def test_a_decision_has_a_reason_a_state_and_the_version_seen(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    draft = a_complete_assessment(officer)
    with pytest.raises(NotOpen):
        decide_assessment(draft, Decision.DECLINE, reason="No", seen=draft.version, actor=approver)
    row = submit_assessment(draft, seen=draft.version, actor=officer)
    with pytest.raises(NotWritable):
        decide_assessment(row, Decision.DECLINE, reason=" ", seen=row.version, actor=approver)
    with pytest.raises(Conflict):
        decide_assessment(row, Decision.DECLINE, reason="No", seen=draft.version, actor=approver)


def test_a_new_edition_takes_the_place_of_the_old(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    first = a_decided_assessment(officer, approver)
    second = clone_edition(first, reason="Drift", actor=officer)
    second = submit_assessment(second, seen=1, actor=officer)
    second = decide_assessment(second, Decision.PROCEED, reason="Fine", seen=2, actor=approver, **SOON)
    first.refresh_from_db()
    assert (first.state, first.decision, second.state) == ("superseded", "proceed", "decided")
    assert trace_of(first.ref)[-1] == "assessment.superseded"
    assert json.loads(bytes(second.frozen or b""))["replaces"] == "1.0"


def test_criteria_stay_frozen_on_what_they_judged(aims: Aims, officer: Actor) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer))
    before = (sheet_of(row).worst_now, row.digest)
    newer_criteria(officer)
    again = Assessment.objects.get(pk=row.pk)
    worst = sheet_of(again).worst_now
    assert (worst, again.digest) == before
    fresh = an_impact(an_assessment(officer), officer)
    level = sheet_of(fresh.assessment).worst_now
    assert worst is not None
    assert level is not None
    assert (worst.band, level.band) == (Band.HIGH, Band.SEVERE)


def test_a_lower_score_without_a_measure_warns_and_does_not_block(aims: Aims, officer: Actor) -> None:
    told = {"who": "Applicants", "duration": "months", "reversibility": "effort"}
    row = a_complete_assessment(officer, **told)
    impact = an_impact(row, officer, residual_likelihood=1, **told)
    titles = [remark.title for remark in cautions(sheet_of(row))]
    assert titles == ["Impact 2 is scored lower without a measure in place"]
    assert gaps(sheet_of(row)) == ()
    a_measure(impact, officer)
    assert cautions(sheet_of(row)) == ()


def test_cautions_name_what_an_approver_should_look_at(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    an_impact(
        row,
        officer,
        likelihood=5,
        severity=5,
        level="society",
        target_likelihood=2,
        target_severity=5,
        target_on=date(2026, 7, 15),
    )
    row = edit_assessment(row, seen=row.version, actor=officer, oversight="")
    found = [f"{remark.title} {remark.text}" for remark in cautions(sheet_of(row))]
    assert any("Impact 2 is Severe now" in text and "Target 10, High, by 15 July 2026." in text for text in found)
    assert any("oversee" in text for text in found)
    assert any("“society”" in text for text in found)


def test_a_review_date_set_while_writing_is_enough(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    later = clock.now().date() + timedelta(days=30)
    row = edit_assessment(row, seen=row.version, actor=officer, next_review_on=later)
    row = submit_assessment(row, seen=row.version, actor=officer)
    row = decide_assessment(row, Decision.PROCEED, reason="Fine", seen=row.version, actor=an_approver(aims, officer))
    assert row.next_review_on == later


def test_an_assessment_of_another_organisation_is_not_there(aims: Aims, officer: Actor) -> None:
    from tests.make import an_organisation  # noqa: PLC0415

    other, boss = an_organisation()
    with acting_in(other, boss):
        foreign = a_submitted_assessment(boss, a_system(boss))
    with pytest.raises(Assessment.DoesNotExist):
        decide_assessment(
            foreign, Decision.DECLINE, reason="No", seen=foreign.version, actor=an_approver(aims, officer)
        )
