"""Bands: the function in Python and in the database agree, whatever the criteria say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from aims.models import Aims, Criteria
from aims.vocabulary import Band
from assessments.bands import Level, band_of, judged, rank_of, worst
from assessments.models import Risk
from assessments.queries import risk_lines
from assessments.queries.residual import shipped_criteria
from tests.assessments.make import a_risk, newer_criteria

pytestmark = pytest.mark.db_both

scores = st.integers(1, 5)


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    cuts = sorted(draw(st.sets(st.integers(1, 24), min_size=3, max_size=3)))
    edges = [0, *cuts, 25]
    bands = {band.value: [edges[i] + 1, edges[i + 1]] for i, band in enumerate(Band)}
    return Criteria(number=1, bands=bands, severity_five_at_least=draw(st.sampled_from([band.value for band in Band])))


@given(criteria(), scores, scores)
def test_a_worse_score_is_never_in_a_better_band(made: Criteria, likelihood: int, severity: int) -> None:
    here = judged(made, likelihood, severity)
    assert here is not None
    for x in range(likelihood, 6):
        for y in range(severity, 6):
            there = judged(made, x, y)
            assert there is not None
            assert there.rank >= here.rank


@given(criteria(), scores)
def test_severity_five_has_a_floor(made: Criteria, likelihood: int) -> None:
    level = judged(made, likelihood, 5)
    assert level is not None
    assert level.rank >= rank_of(Band(made.severity_five_at_least))


@given(st.lists(st.builds(Level, scores, scores, st.sampled_from(list(Band)))))
def test_the_worst_is_the_highest_band_then_the_highest_score(levels: list[Level]) -> None:
    found = worst([None, *levels])
    if not levels:
        assert found is None
        return
    assert found in levels
    assert all((level.rank, level.score) <= (found.rank, found.score) for level in levels)


@pytest.mark.parametrize(
    ("likelihood", "severity", "band"),
    [
        (1, 4, Band.LOW),
        (1, 5, Band.HIGH),
        (2, 3, Band.MODERATE),
        (2, 5, Band.HIGH),
        (3, 5, Band.SEVERE),
        (5, 5, Band.SEVERE),
    ],
)
def test_the_shipped_bands(likelihood: int, severity: int, band: Band) -> None:
    level = judged(shipped_criteria(), likelihood, severity)
    assert level is not None
    assert level.band == band


@pytest.mark.parametrize("pair", [(None, None), (3, None), (None, 3)])
def test_half_a_score_has_no_band(pair: tuple[int | None, int | None]) -> None:
    assert judged(shipped_criteria(), *pair) is None


def test_ranks_and_bands_go_both_ways() -> None:
    assert [band_of(rank_of(band)) for band in Band] == list(Band)


def test_the_database_bands_every_cell_as_python_does(aims: Aims, officer: Actor) -> None:
    for number in (1, 2):
        for likelihood in range(1, 6):
            for severity in range(1, 6):
                a_risk(
                    officer, likelihood=likelihood, severity=severity, residual_likelihood=None, residual_severity=None
                )
        if number == 1:
            newer_criteria(officer, severity_five_at_least="severe")
    a_risk(officer, likelihood=None)
    for row in risk_lines():
        level = judged(row.criteria, *row.now)
        assert row.rank == (level.rank if level else None)  # type: ignore[attr-defined]
    assert Risk.objects.count() == 51
