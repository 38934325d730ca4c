"""Comparing two versions shows what would move, and moves nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from accounts.actor import Actor
from aims.judging import bands_up_to
from aims.models import Aims, Criteria
from aims.queries import current_criteria
from assessments.criteria.comparing import compared, moved_assessments, moved_risks, moving_cells
from tests.assessments.criteria.make import newer, said
from tests.assessments.criteria.test_setting import standing
from tests.assessments.make import a_risk, an_assessment, an_impact


@given(standing(), standing())
def test_a_cell_moves_exactly_when_somebody_would_notice(older: Criteria, later: Criteria) -> None:
    cells = moving_cells(older, later)
    for x in range(1, 6):
        for y in range(1, 6):
            was, will = older.band(x, y), later.band(x, y)
            same = was == will and older.is_acceptable(was) == later.is_acceptable(will)
            assert ((x, y) in cells) != same
    moving = {(square.before.likelihood, square.before.severity) for square in compared(older, later).moving}
    assert moving <= cells
    assert moving_cells(older, older) == frozenset()


@pytest.mark.db_both
def test_what_would_move_is_told_with_its_levels(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    an_impact(row, officer, likelihood=2, severity=2)
    an_impact(row, officer, likelihood=2, severity=2)
    an_impact(row, officer, likelihood=1, severity=1)
    still = an_assessment(officer)
    an_impact(still, officer, likelihood=1, severity=1)
    risk = a_risk(officer, residual_likelihood=3, residual_severity=4)
    first, second = current_criteria(), newer(officer, bands=bands_up_to(2, 6, 11))
    [moved] = moved_assessments(first, second, aims.slug)
    assert (moved.code, moved.count, moved.number, moved.crosses) == (row.ref_code, 2, 1, "up")
    assert (moved.before.band, moved.after.band) == ("low", "moderate")
    [moved_risk] = moved_risks(first, second, aims.slug)
    assert (moved_risk.code, moved_risk.before.band, moved_risk.after.band) == (risk.code, "high", "severe")
    [back] = moved_assessments(second, first, aims.slug)
    assert back.crosses == "down"
    row.refresh_from_db()
    assert row.criteria.number == 1


def test_what_is_said_differently_is_told(aims: Aims, officer: Actor) -> None:
    first = current_criteria()
    draft = Criteria(number=2, **said(acceptable_up_to="", named={"high": [officer.pseudonym]}).fields())
    told = {one.about: (one.before, one.after) for one in compared(first, draft).said}
    assert told == {
        "Acceptable without treatment up to": ("Low", "nothing"),
        "High may be accepted by": ("an approver", f"an approver, that is {officer.name}"),
    }


def test_size_does_not_cost_queries(aims: Aims, officer: Actor, django_assert_num_queries: Callable[..., Any]) -> None:
    first, second = current_criteria(), newer(officer)
    for expected in (1, 4):
        while len(moved_risks(first, second, aims.slug)) < expected:
            an_impact(an_assessment(officer), officer, likelihood=3, severity=4)
            a_risk(officer, residual_likelihood=3, residual_severity=4)
        with django_assert_num_queries(3):
            assert len(moved_assessments(first, second, aims.slug)) == expected
            assert len(moved_risks(first, second, aims.slug)) == expected
