"""The questions other rooms ask: right, of this AIMS only, and at a fixed number of queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from aims.vocabulary import Band
from assessments import queries
from assessments.actions import (
    accept_risk,
    clone_edition,
    decide_assessment,
    edit_impact,
    stop_treating,
    submit_assessment,
    treat,
    withdraw_impact,
    withdraw_measure,
    withdraw_risk,
)
from assessments.linked import assessments_of, risks_of
from assessments.models import Decision, Impact, Measure
from controls.needs import Need, read
from tests.assessments.make import (
    a_complete_assessment,
    a_control,
    a_decided_assessment,
    a_risk,
    a_submitted_assessment,
    a_system,
    an_approver,
    an_impact,
    newer_criteria,
)
from tests.make import an_organisation

pytestmark = pytest.mark.db_both


def test_drivers_name_the_live_risks_by_requirement(aims: Aims, officer: Actor) -> None:
    control = a_control("A.6.2.6")
    first, second, third = a_risk(officer, title="Drift"), a_risk(officer), a_risk(officer)
    treat(first, control, actor=officer)
    stop_treating(treat(second, control, actor=officer), seen=1, actor=officer)
    treat(third, control, actor=officer)
    withdraw_risk(third, reason="Gone", seen=1, actor=officer)
    assert read(queries.treatments()) == [Need(control.pk, "risk", "R-001", "Drift")]


def test_drivers_name_the_assessments_in_force_by_requirement(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    decided = a_decided_assessment(officer, approver, a_system(officer, "Ranker"))
    draft = a_complete_assessment(officer, a_system(officer, "Helper"))
    measure = Measure.objects.get(impact__assessment=a_complete_assessment(officer))
    withdraw_measure(measure, seen=1, actor=officer)
    newer = clone_edition(decided, reason="Drift", actor=officer)
    control = a_control().pk
    assert read(queries.measures()) == [
        Need(control, "assessment", f"{decided.code}@1.0", "Ranker"),
        Need(control, "assessment", f"{draft.code}@1.0", "Helper"),
    ]
    newer = submit_assessment(newer, seen=1, actor=officer)
    decide_assessment(newer, Decision.MITIGATE, reason="First", seen=2, actor=approver)
    again = read(queries.measures())
    assert again[0] == Need(control, "assessment", f"{decided.code}@1.1", "Ranker")
    assert len(again) == 2


def test_the_residual_matrix_counts_harms_where_they_stand(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    an_impact(row, officer, residual_likelihood=1)
    an_impact(row, officer, likelihood=None)
    an_impact(row, officer, valence="benefit")
    gone = an_impact(row, officer)
    withdraw_impact(gone, seen=1, actor=officer)
    matrix = queries.residual_matrix()
    counts = {(cell.likelihood, cell.severity): cell.count for line in matrix.rows for cell in line if cell.count}
    assert counts == {(4, 3): 1, (1, 3): 1}
    assert (matrix.total, matrix.unscored, matrix.systems) == (2, 1, 1)
    assert {band.band: band.count for band in matrix.bands if band.count} == {Band.HIGH: 1, Band.LOW: 1}
    assert matrix.rows[0][0].band == Band.HIGH
    assert [line[0].severity for line in matrix.rows] == [5, 4, 3, 2, 1]
    assert matrix.worst is not None
    assert matrix.worst.band == Band.HIGH


def test_an_edition_being_written_does_not_count_beside_the_one_in_force(aims: Aims, officer: Actor) -> None:
    base = a_decided_assessment(officer, an_approver(aims, officer))
    clone_edition(base, reason="Drift", actor=officer)
    assert queries.residual_matrix().total == 1


def test_a_matrix_counts_bands_as_they_were_judged(aims: Aims, officer: Actor) -> None:
    a_risk(officer)
    newer_criteria(officer)
    a_risk(officer)
    matrix = queries.risk_matrix()
    assert {band.band: band.count for band in matrix.bands if band.count} == {Band.MODERATE: 1, Band.SEVERE: 1}


def test_an_empty_matrix_has_its_colours(aims: Aims) -> None:
    matrix = queries.residual_matrix()
    assert (matrix.total, matrix.worst) == (0, None)
    assert matrix.rows[0][4].band == Band.SEVERE


def test_targets_are_what_reasons_can_point_at(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer, a_system(officer, "Ranker"))
    a_risk(officer, title="Drift")
    assert [(target.ref, target.code, target.title) for target in queries.assessment_targets()] == [
        (f"assessment:{row.code}@1.0", row.code, "Ranker")
    ]
    assert [(target.ref, target.title) for target in queries.risk_targets()] == [("risk:R-001", "Drift")]


def test_the_report_prints_what_was_decided(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    a_complete_assessment(officer)
    row = a_decided_assessment(officer, approver, a_system(officer, "Ranker"), residual_likelihood=2)
    (found,) = queries.report_assessments()
    assert (found.ref, found.system_name, found.decision_label) == (row.ref, "Ranker", "Proceed")
    assert found.worst is not None
    assert (found.worst.score, found.worst.band) == (6, Band.MODERATE)
    impact = found.harms[0]
    assert impact.before is not None
    assert impact.before.score == 12
    assert impact.main_measure is not None
    assert (impact.main_measure.requirement, impact.main_measure.is_in_place) == ("A.9.2", True)
    assert found.parties[0].per_year == 3400
    assert (found.author, found.decided_by) == (officer.name, approver.name)
    assert (found.digest, found.jurisdictions) == (row.digest, ("EU", "UK"))


def test_the_report_of_a_past_day_shows_the_edition_in_force_then(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    start = clock.now()
    base = a_decided_assessment(officer, approver)
    with clock.standing_at(start + timedelta(days=40)):
        newer = clone_edition(base, reason="Drift", actor=officer)
        edit_impact(Impact.objects.get(assessment=newer), seen=1, actor=officer, residual_likelihood=1)
        newer = submit_assessment(newer, seen=1, actor=officer)
        decide_assessment(
            newer, Decision.PROCEED, reason="Better", next_review_on=date(2999, 1, 1), seen=2, actor=approver
        )
        then = queries.report_assessments(at=start + timedelta(days=20))
        now = queries.report_assessments()
    assert queries.report_assessments(at=start - timedelta(days=1)) == ()
    assert [(row.edition, row.worst.score) for row in then if row.worst] == [("1.0", 12)]
    assert [(row.edition, row.worst.score) for row in now if row.worst] == [("1.1", 3)]


def test_a_system_shows_its_assessments_and_risks(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    row = a_submitted_assessment(officer, system)
    risk = a_risk(officer, system=system)
    a_risk(officer)
    accept_risk(risk, reason="Fine", seen=1, actor=an_approver(aims, officer))
    assessment, risk_fact = [*assessments_of(system), *risks_of(system)]
    assert (assessment.ref, assessment.state) == (row.ref, "In review")
    assert assessment.address == f"/a/{aims.slug}/assessments/{row.code}/1.0/"
    assert (risk_fact.ref, risk_fact.note, risk_fact.state) == ("risk:R-001", "6, Moderate", "Accepted")


QUESTIONS: dict[str, Callable[[], Any]] = {
    "treatments": lambda: read(queries.treatments()),
    "measures": lambda: read(queries.measures()),
    "both": lambda: read(queries.treatments(), queries.measures()),
    "residual": queries.residual_matrix,
    "risks": queries.risk_matrix,
    "assessment targets": queries.assessment_targets,
    "risk targets": queries.risk_targets,
    "report": queries.report_assessments,
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_one_query_and_sees_no_other_tenant(aims: Aims, officer: Actor, name: str) -> None:
    other, boss = an_organisation()
    with acting_in(other, boss):
        treat(a_risk(boss), a_control(), actor=boss)
        a_decided_assessment(boss, an_approver(other, boss))
    empty = QUESTIONS[name]()
    approver = an_approver(aims, officer)
    for _ in range(3):
        a_decided_assessment(officer, approver)
        treat(a_risk(officer), a_control(), actor=officer)
    with CaptureQueriesContext(
        connection,
    ) as few:
        found = QUESTIONS[name]()
    for _ in range(6):
        a_decided_assessment(officer, approver)
        treat(a_risk(officer), a_control(), actor=officer)
    with CaptureQueriesContext(connection) as many:
        QUESTIONS[name]()
    assert (len(few), len(many)) == (1, 1)
    assert found != empty
    with acting_in(other, boss):
        assert len(queries.risk_targets()) == 1
