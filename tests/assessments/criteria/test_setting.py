"""A new version of the criteria: refused when it contradicts itself, recorded when it stands, judging nothing old."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.acceptance import rule_of
from aims.actions import set_criteria
from aims.actions.set_criteria import NotSettable
from aims.judging import Step, bands_up_to, faults, judging_of
from aims.models import Aims, Criteria
from aims.queries import current_criteria
from aims.vocabulary import Acceptor, Band
from assessments.bands import judged, rank_of
from assessments.models import Assessment
from assessments.queries import risk_sheet, sheet_of
from assessments.queries.residual import shipped_criteria
from tests.assessments.criteria.make import STRICTER, newer, said
from tests.assessments.make import a_decided_assessment, a_risk, an_approver
from tests.make import a_member, trace_of

SCORES = st.integers(1, 5)
BANDS = [band.value for band in Band]


@st.composite
def standing(draw: st.DrawFn) -> Criteria:
    """Any criteria that are not refused."""
    cuts = sorted(draw(st.sets(st.integers(1, 24), min_size=3, max_size=3)))
    escalated, closed = draw(st.integers(0, 3)), draw(st.integers(0, 4))
    anybody = st.lists(st.sampled_from([one.value for one in Acceptor]), unique=True, min_size=1)
    accepts = {
        band: [] if place >= closed else ["approver"] if place >= escalated else draw(anybody)
        for place, band in enumerate(BANDS)
    }
    made = replace(
        judging_of(shipped_criteria()),
        bands=bands_up_to(*cuts),
        severity_five_at_least=draw(st.sampled_from(BANDS[2:])),
        acceptable_up_to=draw(st.sampled_from(["", *BANDS[:escalated]])),
        escalate_from=BANDS[escalated],
        accepts=accepts,
    )
    assert not list(faults(made))
    return Criteria(number=1, **made.fields())


@given(standing(), SCORES, SCORES)
def test_a_level_follows_from_scores_and_version_alone(made: Criteria, likelihood: int, severity: int) -> None:
    again = Criteria(number=2, **judging_of(made).fields())
    assert judged(made, likelihood, severity) == judged(again, likelihood, severity)
    assert judging_of(again) == judging_of(made)


@given(standing(), SCORES, SCORES)
def test_a_worse_score_never_helps(made: Criteria, likelihood: int, severity: int) -> None:
    here = made.band(likelihood, severity)
    for x in range(likelihood, 6):
        for y in range(severity, 6):
            there = made.band(x, y)
            assert rank_of(there) >= rank_of(here)
            assert made.is_acceptable(here) or not made.is_acceptable(there)
            assert made.is_escalated(there) or not made.is_escalated(here)
            assert rule_of(made, there).is_nobody or not rule_of(made, here).is_nobody
    assert rank_of(made.band(likelihood, 5)) >= rank_of(Band.HIGH)


@given(standing())
def test_what_is_escalated_is_never_accepted_below_the_top(made: Criteria) -> None:
    for band in Band:
        if made.is_escalated(band):
            assert set(rule_of(made, band).who) <= {Acceptor.APPROVER}
            assert not made.is_acceptable(band)


ONE_TO_FIVE = tuple(Step(n, f"Word {n}", "Meaning") for n in range(1, 6))
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"likelihood": ONE_TO_FIVE[:4]}, "likelihood", "1 to 5"),
    ({"severity": (*ONE_TO_FIVE[:4], Step(5, " ", "x"))}, "severity", "Give score 5 a name"),
    ({"severity": (*ONE_TO_FIVE[:4], Step(5, "word 1", "x"))}, "severity", "same name"),
    ({"likelihood": (*ONE_TO_FIVE[:4], Step(5, "x" * 41, "x"))}, "likelihood", "at most 40"),
    ({"bands": {"low": [1, 25]}}, "bands", "four bands"),
    ({"bands": bands_up_to(4, 4, 9)}, "bands", "follow one another"),
    ({"bands": {"low": [1, 4], "moderate": [6, 9], "high": [10, 14], "severe": [15, 25]}}, "bands", "without gaps"),
    ({"bands": {"low": [1, 4], "moderate": [5, 9], "high": [10, 14], "severe": [15, 24]}}, "bands", "ends at 25"),
    ({"severity_five_at_least": "moderate"}, "severity_five_at_least", "never judged below High"),
    ({"acceptable_up_to": "huge"}, "acceptable_up_to", "Choose a band"),
    ({"escalate_from": ""}, "escalate_from", "Choose a band"),
    ({"acceptable_up_to": "high"}, "acceptable_up_to", "below what is escalated"),
    ({"accepts": {"huge": []}}, "accepts", "Choose a band"),
    ({"accepts": {"low": ["anybody"]}}, "accepts", "Choose its owner"),
    ({"accepts": {"high": ["owner"]}}, "accepts", "only an approver"),
    ({"accepts": {"low": []}}, "accepts", "while nobody may accept the band below"),
    ({"named": {"severe": ["p-1"]}}, "named", "which nobody may accept"),
    ({"named": {"high": ["p-stranger"]}}, "named", "does not hold a role"),
]


@pytest.mark.parametrize(("changed", "field", "words"), WRONG, ids=[f"{row[1]}-{row[2]}" for row in WRONG])
def test_criteria_that_contradict_themselves_are_refused(
    aims: Aims, officer: Actor, changed: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(NotSettable, match=words) as caught:
        set_criteria(said(**changed), why="Because", seen=1, actor=officer)
    assert caught.value.field == field
    assert Criteria.objects.count() == 1


@pytest.mark.db_both
def test_a_version_is_recorded_and_cannot_be_changed(aims: Aims, officer: Actor) -> None:
    row = newer(officer)
    assert (row.number, row.why, trace_of(row.ref)) == (2, "Board review", ["criteria.set"])
    assert current_criteria() == row
    assert row.acceptance["Severe"] == "Nobody may accept it; it must be treated first."
    with pytest.raises(DatabaseError), transaction.atomic():
        Criteria.objects.filter(pk=row.pk).update(why="Something else")


def test_setting_needs_a_reason_a_difference_and_the_newest_version(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotSettable, match="Say why"):
        set_criteria(said(**STRICTER), why=" ", seen=1, actor=officer)
    with pytest.raises(NotSettable, match="Nothing differs from version 1"):
        set_criteria(said(), why="Because", seen=1, actor=officer)
    newer(officer)
    with pytest.raises(Conflict) as caught:
        set_criteria(said(acceptable_up_to=""), why="Because", seen=1, actor=officer)
    assert caught.value.current.number == 2


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR])
def test_others_do_not_set_them(aims: Aims, officer: Actor, role: Role) -> None:
    with pytest.raises(NotAllowed):
        newer(a_member(aims, role, by=officer))


def test_what_was_judged_stays_as_it_was(aims: Aims, officer: Actor) -> None:
    decided, risk = a_decided_assessment(officer, an_approver(aims, officer)), a_risk(officer)
    before = (sheet_of(decided).worst_now, risk_sheet(risk).now)
    newer(officer, bands=bands_up_to(1, 2, 3))
    row = Assessment.objects.get(pk=decided.pk)
    risk.refresh_from_db()
    assert (sheet_of(row).worst_now, risk_sheet(risk).now) == before
    assert row.digest == decided.digest
