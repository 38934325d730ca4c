"""Beginning, writing and revising an assessment."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import (
    add_impact,
    add_measure,
    add_party,
    clone_edition,
    edit_assessment,
    edit_impact,
    edit_measure,
    edit_party,
    start_assessment,
    withdraw_impact,
    withdraw_measure,
    withdraw_party,
)
from assessments.actions.clone import NotClonable, next_edition
from assessments.actions.shared import NotOpen, NotWritable
from assessments.actions.start import NotStartable
from assessments.models import AffectedParty, Assessment, AssessmentState, Impact, Measure
from assessments.queries import sheet_of
from systems.models import AiSystem
from tests.assessments.make import (
    a_complete_assessment,
    a_control,
    a_decided_assessment,
    a_measure,
    a_submitted_assessment,
    a_system,
    an_approver,
    an_assessment,
    an_impact,
    newer_criteria,
)
from tests.make import a_member, a_person, an_organisation, trace_of


def test_a_start_numbers_dates_and_records(aims: Aims, officer: Actor) -> None:
    first = start_assessment(a_system(officer, model_version="2.7.1"), actor=officer)
    second = an_assessment(officer)
    year = clock.today(aims.time_zone).year
    assert [first.code, second.code] == [f"IA-{year}-01", f"IA-{year}-02"]
    assert (first.edition, first.state, first.author_id) == ("1.0", AssessmentState.DRAFT, officer.user_id)
    assert first.system_version == "2.7.1"
    assert first.criteria.number == 1
    assert trace_of(first.ref) == ["assessment.started"]
    assert first.history.count() == 1


def test_a_system_is_assessed_under_one_code(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    with pytest.raises(NotStartable, match=row.code):
        start_assessment(row.system, actor=officer)
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER, Role.OWNER])
def test_others_do_not_start_or_write(aims: Aims, officer: Actor, role: Role) -> None:
    other = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed):
        start_assessment(a_system(officer), actor=other)
    with pytest.raises(NotAllowed):
        add_party(an_assessment(officer), actor=other, kind="group", name="Applicants")
    assert AffectedParty.objects.count() == 0


def test_machines_do_not_judge(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        start_assessment(a_system(officer), actor=service("sync"))


def test_an_owner_assesses_their_own_system(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = start_assessment(a_system(officer, owner_id=owner.user_id), actor=owner)
    edit_assessment(row, seen=1, actor=owner, intended_use="To help")
    assert trace_of(row.ref) == ["assessment.started", "assessment.edited"]


def test_a_system_of_another_organisation_is_not_there(aims: Aims, officer: Actor) -> None:
    other, boss = an_organisation()
    with acting_in(other, boss):
        foreign = a_system(boss)
    with pytest.raises(AiSystem.DoesNotExist):
        start_assessment(foreign, actor=officer)


def test_editing_saves_what_differs_and_nothing_else(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    edited = edit_assessment(row, seen=1, actor=officer, intended_use="To help", jurisdictions=[" EU ", ""])
    assert (edited.version, edited.jurisdictions) == (2, ["EU"])
    edit_assessment(row, seen=2, actor=officer, intended_use="To help")
    assert trace_of(row.ref) == ["assessment.started", "assessment.edited"]
    assert row.history.count() == 2


def test_a_second_writer_is_held_apart(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    edit_assessment(row, seen=1, actor=officer, intended_use="First")
    with pytest.raises(Conflict) as caught:
        edit_assessment(row, seen=1, actor=officer, intended_use="Second")
    assert caught.value.current.intended_use == "First"
    assert caught.value.offered == {"intended_use": "Second"}


def test_parties_come_change_and_go(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    party = add_party(row, actor=officer, kind="group", name="Applicants", per_year=3400)
    edit_party(party, seen=1, actor=officer, heard="Exit survey")
    withdraw_party(party, seen=2, actor=officer)
    assert trace_of(party.ref) == ["party.added", "party.edited", "party.withdrawn"]
    assert party.history.count() == 3
    assert sheet_of(row).parties == ()
    with pytest.raises(AffectedParty.DoesNotExist):
        edit_party(party, seen=3, actor=officer, heard="No more")


def test_impacts_keep_their_numbers(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    first = an_impact(row, officer)
    edit_impact(first, seen=1, actor=officer, residual_likelihood=2)
    withdraw_impact(first, seen=2, actor=officer)
    second = an_impact(row, officer)
    assert (first.number, second.number) == (1, 2)
    assert trace_of(first.ref) == ["impact.added", "impact.edited", "impact.withdrawn"]
    assert [impact.number for impact in sheet_of(row).impacts] == [2]


def test_measures_come_change_and_go(aims: Aims, officer: Actor) -> None:
    impact = an_impact(an_assessment(officer), officer)
    measure = a_measure(impact, officer, requirement=None)
    edit_measure(measure, seen=1, actor=officer, requirement=a_control("A.6.2.6"))
    assert Measure.objects.get().requirement == a_control("A.6.2.6")
    withdraw_measure(measure, seen=2, actor=officer)
    assert trace_of(measure.ref) == ["measure.added", "measure.edited", "measure.withdrawn"]
    assert sheet_of(impact.assessment).measures == ()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"likelihood": 6}, "likelihood"),
        ({"severity": 0}, "severity"),
        ({"target_severity": -1}, "target_severity"),
        ({"description": ""}, "description"),
        ({"description": "x" * 301}, "description"),
        ({"level": "martian"}, "level"),
        ({"valence": "neither"}, "valence"),
    ],
)
def test_unsound_impacts_are_refused_at_their_field(aims: Aims, officer: Actor, fields: Any, field: str) -> None:
    row = an_assessment(officer)
    with pytest.raises(NotWritable) as caught:
        an_impact(row, officer, **fields)
    assert caught.value.field == field
    impact = an_impact(row, officer)
    with pytest.raises(NotWritable):
        edit_impact(impact, seen=1, actor=officer, **fields)
    impact.refresh_from_db()
    assert impact.version == 1


def test_a_measure_points_at_a_control_or_clause_of_ours(aims: Aims, officer: Actor) -> None:
    impact = an_impact(an_assessment(officer), officer)
    with pytest.raises(NotWritable, match="clause or control"):
        a_measure(impact, officer, requirement=a_control("A.9"))
    assert a_measure(impact, officer, requirement=a_control("6.1.4")).requirement_id
    foreign = a_control()
    foreign.aims_id = aims.pk + 1
    with pytest.raises(NotWritable):
        a_measure(impact, officer, requirement=foreign)


def test_nothing_changes_while_it_is_in_review_or_decided(aims: Aims, officer: Actor) -> None:
    for row in (a_submitted_assessment(officer), a_decided_assessment(officer, an_approver(aims, officer))):
        party, impact = AffectedParty.objects.get(assessment=row), Impact.objects.get(assessment=row)
        measure = Measure.objects.get(impact=impact)
        attempts: list[Callable[[], object]] = [
            lambda row=row: edit_assessment(row, seen=row.version, actor=officer, intended_use="Else"),
            lambda row=row: add_party(row, actor=officer, kind="group", name="More"),
            lambda party=party: edit_party(party, seen=1, actor=officer, name="Else"),
            lambda party=party: withdraw_party(party, seen=1, actor=officer),
            lambda row=row: add_impact(row, actor=officer, level="group", description="More"),
            lambda impact=impact: edit_impact(impact, seen=1, actor=officer, severity=1),
            lambda impact=impact: withdraw_impact(impact, seen=1, actor=officer),
            lambda impact=impact: add_measure(impact, actor=officer, text="More"),
            lambda measure=measure: edit_measure(measure, seen=1, actor=officer, text="Else"),
            lambda measure=measure: withdraw_measure(measure, seen=1, actor=officer),
        ]
        for attempt in attempts:
            with pytest.raises(NotOpen, match="new edition"):
                attempt()
        assert (party.history.count(), impact.history.count(), measure.history.count()) == (1, 1, 1)


def test_an_edition_takes_the_content_along(aims: Aims, officer: Actor) -> None:
    base = a_decided_assessment(officer, an_approver(aims, officer))
    newer = newer_criteria(officer)
    row = clone_edition(base, reason="Drift passed its limit", actor=officer)
    assert (row.code, row.edition, row.replaces_id, row.state) == (base.code, "1.1", base.pk, "draft")
    assert (row.intended_use, row.decision, row.digest) == (base.intended_use, "", "")
    old, new = sheet_of(base), sheet_of(row)
    assert [party.name for party in new.parties] == [party.name for party in old.parties]
    assert [(impact.number, impact.row.description) for impact in new.impacts] == [
        (impact.number, impact.row.description) for impact in old.impacts
    ]
    assert [measure.text for measure in new.measures] == [measure.text for measure in old.measures]
    assert row.criteria == newer
    assert trace_of(row.ref) == ["assessment.edition_started"]
    assert Impact.objects.get(assessment=row).history.count() == 1
    base.refresh_from_db()
    assert base.state == AssessmentState.DECIDED


def test_only_the_edition_in_force_is_revised_and_once(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotClonable):
        clone_edition(an_assessment(officer), reason="Why not", actor=officer)
    base = a_decided_assessment(officer, an_approver(aims, officer))
    with pytest.raises(NotWritable, match="why"):
        clone_edition(base, reason="  ", actor=officer)
    clone_edition(base, reason="Drift", actor=officer)
    with pytest.raises(NotClonable, match=r"1\.1"):
        clone_edition(base, reason="Drift again", actor=officer)
    with pytest.raises(NotAllowed):
        clone_edition(base, reason="Drift", actor=a_member(aims, Role.AUDITOR, by=officer))


def test_editions_count_on() -> None:
    assert [next_edition(edition) for edition in ("1.0", "1.9", "2.3")] == ["1.1", "1.10", "2.4"]


def test_withdrawn_parts_stay_behind_in_a_new_edition(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    gone = an_impact(row, officer, description="Gone")
    a_measure(gone, officer)
    withdraw_impact(gone, seen=1, actor=officer)
    assert [impact.row.description for impact in sheet_of(row).impacts] == ["People are ranked out of sight"]
    assert len(sheet_of(row).measures) == 1


def test_the_author_may_write_on_without_owning_the_system(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    system = a_system(officer, owner_id=owner.user_id)
    row = start_assessment(system, actor=owner)
    AiSystem.objects.filter(pk=system.pk).update(owner=a_person())
    edit_assessment(row, seen=1, actor=owner, benefits="Faster")
    assert trace_of(row.ref)[-1] == "assessment.edited"
