"""The two lists: found, filtered, sorted, paged, and the same number of queries at any length."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.models import Aims
from aims.vocabulary import Band
from assessments.actions import register_risk, withdraw_risk
from assessments.queries import assessment_lines, risk_lines
from tests.assessments.make import (
    a_complete_assessment,
    a_decided_assessment,
    a_risk,
    a_system,
    an_approver,
    an_assessment,
    an_impact,
)
from tests.make import a_member, signed_in

pytestmark = pytest.mark.db_both


def text_of(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def test_an_empty_list_says_what_to_do_next(aims: Aims, officer: Actor, browser: Client) -> None:
    page = text_of(browser, f"/a/{aims.slug}/assessments/")
    assert "No system is assessed yet" in page
    assert f"/a/{aims.slug}/assessments/new/" in page
    reader = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    assert "/assessments/new/" not in text_of(reader, f"/a/{aims.slug}/assessments/")


def test_a_row_shows_state_worst_band_and_review(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer), a_system(officer, "Ranker"))
    page = text_of(browser, f"/a/{aims.slug}/assessments/")
    assert f"/a/{aims.slug}/assessments/{row.code}/1.0/" in page
    for words in ("Ranker", "Proceed", '<b data-band="3">12</b>', "High", str(row.next_review_on.year)):  # type: ignore[union-attr]
        assert words in page


def test_assessments_are_searched_filtered_and_sorted(aims: Aims, officer: Actor, browser: Client) -> None:
    mild = a_complete_assessment(officer, a_system(officer, "Mild helper"), likelihood=1, severity=1)
    harsh = a_complete_assessment(officer, a_system(officer, "Harsh ranker"), likelihood=1, severity=5)
    done = a_decided_assessment(officer, an_approver(aims, officer), a_system(officer, "Done thing"))
    bare = an_assessment(officer, a_system(officer, "Bare one"))
    assert list(assessment_lines(search="ranker")) == [harsh]
    assert list(assessment_lines(search=mild.code)) == [mild]
    assert list(assessment_lines(state="decided")) == [done]
    assert list(assessment_lines(band="high")) == [harsh, done]
    assert list(assessment_lines(band="nonsense")) == [mild, harsh, done, bare]
    assert list(assessment_lines(sort="-worst")) == [done, harsh, mild, bare]
    assert next(iter(assessment_lines(sort="system"))) == bare
    assert list(assessment_lines(sort="'; drop")) == [mild, harsh, done, bare]
    page = text_of(browser, f"/a/{aims.slug}/assessments/", q="nothing like it")
    assert "No assessment matches" in page


def test_the_worst_is_over_the_harms_that_stand(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer, likelihood=2, severity=2)
    an_impact(row, officer, likelihood=5, severity=5, valence="benefit")
    an_impact(row, officer, likelihood=4, severity=4, residual_likelihood=1)
    assert [line.worst for line in assessment_lines()] == [104]  # type: ignore[attr-defined]


def test_risks_are_searched_filtered_and_sorted(aims: Aims, officer: Actor, browser: Client) -> None:
    owner = User.objects.get(pk=a_member(aims, Role.OWNER, by=officer).user_id)
    system = a_system(officer, "Ranker")
    low = a_risk(officer, title="Small thing", residual_likelihood=1, residual_severity=1, option="retain")
    high = a_risk(officer, title="Big thing", residual_likelihood=1, residual_severity=5, owner=owner)
    plain = register_risk(actor=officer, title="Unscored", source="A supplier", system=system)
    gone = a_risk(officer)
    withdraw_risk(gone, reason="No", seen=1, actor=officer)
    assert list(risk_lines()) == [low, high, plain]
    assert list(risk_lines(search="supplier")) == list(risk_lines(search="ranker")) == [plain]
    assert list(risk_lines(band=Band.HIGH)) == [high]
    assert list(risk_lines(owner=str(owner.pk))) == [high]
    assert list(risk_lines(owner="x")) == [low, high, plain]
    assert list(risk_lines(option="retain")) == [low]
    assert list(risk_lines(sort="-level")) == [high, low, plain]
    page = text_of(browser, f"/a/{aims.slug}/assessments/risks/", band="high")
    assert "Big thing" in page
    assert "Small thing" not in page
    assert "No risk matches" in text_of(browser, f"/a/{aims.slug}/assessments/risks/", q="zzz")


def test_the_register_shows_where_risks_stand(aims: Aims, officer: Actor, browser: Client) -> None:
    assert "No risk is registered yet" in text_of(browser, f"/a/{aims.slug}/assessments/risks/")
    a_risk(officer)
    a_risk(officer)
    page = text_of(browser, f"/a/{aims.slug}/assessments/risks/")
    assert 'aria-label="2 at likelihood 2, severity 3, Moderate"' in page


def test_htmx_gets_the_rows_alone(aims: Aims, officer: Actor, browser: Client) -> None:
    a_risk(officer)
    answer = browser.get(f"/a/{aims.slug}/assessments/risks/", headers={"HX-Request": "true", "HX-Target": "rows"})
    page = answer.content.decode()
    assert "R-001" in page
    assert "<html" not in page


@pytest.mark.parametrize("place", ["assessments/", "assessments/risks/"])
def test_a_long_list_costs_what_a_short_one_costs(
    aims: Aims, officer: Actor, browser: Client, place: str, django_assert_max_num_queries: Any
) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            an_impact(an_assessment(officer), officer)
            a_risk(officer, system=a_system(officer), owner=User.objects.get(pk=officer.user_id))

    address = f"/a/{aims.slug}/{place}"
    more(3)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    more(52)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(address).content.decode()
    assert len(few) == len(many)
    assert "1 to 50 of 55" in page
    with django_assert_max_num_queries(12 if connection.vendor == "sqlite" else 20):
        browser.get(address, {"page": "2"})
