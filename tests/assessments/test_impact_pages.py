"""Impacts on the page of an assessment: added, scored in passing, refused by half, listed where they say too little."""

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import edit_assessment, edit_impact
from assessments.models import Impact
from tests.assessments.make import (
    PURPOSE,
    a_complete_assessment,
    an_assessment,
    an_impact,
)
from tests.assessments.test_pages import IMPACT, at, body, htmx
from tests.make import a_member, signed_in, trace_of


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def test_impacts_are_added_scored_and_withdrawn(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    assert "scale-picker" in body(browser.get(at(row, "impacts/new/")))
    assert "error-summary" in body(browser.post(at(row, "impacts/new/"), IMPACT | {"likelihood": "9"}), 422)
    page = body(browser.post(at(row, "impacts/new/"), IMPACT, **htmx("impacts")))
    assert '<b data-band="4">16</b>' in page
    impact = Impact.objects.get()
    sent = IMPACT | {
        "seen": "1",
        "residual_likelihood": "",
        "target_likelihood": "2",
        "target_severity": "4",
        "target_on": "2999-01-01",
        "dimension": "fairness",
    }
    browser.post(at(row, f"impacts/{impact.pk}/"), sent)
    impact.refresh_from_db()
    assert (impact.target_severity, impact.residual_likelihood, impact.dimension) == (4, None, "fairness")
    browser.post(at(row, f"impacts/{impact.pk}/withdraw/"), {"seen": "2"})
    assert trace_of(impact.ref)[-1] == "impact.withdrawn"


def test_scores_are_saved_with_and_without_scripts(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(officer)
    first, second = Impact.objects.get(assessment=row), an_impact(row, officer)

    def sent(impact: Impact, **scores: str) -> dict[str, str]:
        given = {
            "seen": str(impact.version),
            "likelihood": "4",
            "severity": "3",
            "residual_likelihood": "",
            "residual_severity": "",
        } | scores
        return {f"i{impact.pk}-{name}": value for name, value in given.items()}

    answer = browser.post(at(row, "impacts/scores/"), sent(first, residual_likelihood="2") | sent(second, severity="5"))
    assert answer["Location"].endswith("#impacts")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.residual_likelihood, first.version, second.severity, second.version) == (2, 2, 5, 2)
    page = body(
        browser.post(
            at(row, "impacts/scores/"), sent(first, residual_likelihood="1") | {"autosave": "1"}, **htmx("impacts")
        )
    )
    assert f'id="i{first.pk}-seen" value="3"' in page
    assert f'id="i{first.pk}-now" hx-swap-oob="true"><b data-band="1">3</b>' in page
    around = body(browser.get(at(row), **htmx("around")))
    assert 'class="impact-matrix"' in around
    assert 'id="steps"' in around
    assert "<html" not in around
    stale = sent(first, residual_likelihood="5") | {f"i{first.pk}-seen": "1", "autosave": "1"}
    answer = browser.post(at(row, "impacts/scores/"), stale, **htmx("impacts"))
    assert "Someone else saved this" in body(answer, 409)
    assert answer["HX-Reswap"] == "outerHTML"
    first.refresh_from_db()
    assert first.residual_likelihood == 1
    wrong = sent(first, likelihood="7")
    assert "error-summary" in body(browser.post(at(row, "impacts/scores/"), wrong), 422)
    unchanged = sent(first, residual_likelihood="1")
    browser.post(at(row, "impacts/scores/"), unchanged)
    assert trace_of(first.ref).count("impact.edited") == 2


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"severity": ""}, "severity", "Choose a severity too"),
        ({"likelihood": ""}, "likelihood", "Choose a likelihood too"),
        ({"likelihood": "", "severity": "", "residual_severity": "2"}, "likelihood", "Score it before measures first."),
        ({"target_likelihood": "2"}, "target_on", "A target is two scores and a date, or nothing."),
        ({"target_on": "2999-01-01", "target_severity": "1"}, "target_likelihood", "A target is two scores"),
    ],
)
def test_scores_by_half_are_refused_where_they_were_given(
    officer: Actor, browser: Client, given: dict[str, str], field: str, words: str
) -> None:
    row = an_assessment(officer)
    answer = browser.post(at(row, "impacts/new/"), IMPACT | given)
    assert words in body(answer, 422)
    assert words in str(answer.context["form"].errors[field])
    assert not Impact.objects.exists()
    assert browser.post(at(row, "impacts/new/"), IMPACT | given | {"valence": "benefit"}).status_code == 302


def test_a_pair_picked_by_half_is_told_in_its_place_and_saved_once_it_is_whole(officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    impact = an_impact(row, officer, likelihood=None, severity=None)
    key = f"i{impact.pk}"
    sent = {f"{key}-seen": "1", f"{key}-likelihood": "4", "autosave": "1"}
    page = body(browser.post(at(row, "impacts/scores/"), sent, **htmx("impacts")))
    assert f'id="{key}-before"' in page
    assert "Choose a severity too" in page
    assert "Not saved yet." in page
    impact.refresh_from_db()
    assert (impact.version, impact.likelihood) == (1, None)
    page = body(browser.post(at(row, "impacts/scores/"), sent | {f"{key}-severity": "5"}, **htmx("impacts")))
    assert '<b data-band="4">20</b>' in page
    impact.refresh_from_db()
    assert (impact.version, impact.likelihood, impact.severity) == (2, 4, 5)


def test_saving_in_passing_is_held_to_the_same_rules(aims: Aims, officer: Actor, browser: Client) -> None:
    row, other = an_assessment(officer), an_impact(an_assessment(officer), officer)
    key = f"i{other.pk}"
    scores = {f"{key}-seen": "1", f"{key}-likelihood": "1", f"{key}-severity": "1", "autosave": "1"}
    assert browser.post(at(row, "impacts/scores/"), scores, **htmx("impacts")).status_code == 404
    texts = PURPOSE | {"jurisdictions": "EU", "seen": "1", "autosave": "1"}
    assert browser.post(at(row, "purpose/").replace(row.code, "IA-1999-01"), texts).status_code == 404
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    assert reader.post(at(row, "purpose/"), texts, **htmx("purpose")).status_code == 403
    assert reader.post(at(row, "answers/scope/"), {"seen": 0, "text": "x", "autosave": "1"}).status_code == 403
    wrong = browser.post(at(row, "purpose/"), texts | {"next_review_on": "soon"}, **htmx("purpose"))
    assert "soon" in body(wrong, 422)
    assert wrong["HX-Reswap"] == "outerHTML"
    other.refresh_from_db()
    row.refresh_from_db()
    assert (other.version, row.version) == (1, 1)


def test_what_is_not_sent_in_passing_stays(officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    row = edit_assessment(row, seen=row.version, actor=officer, publication="public")
    browser.post(
        at(row, "purpose/"), PURPOSE | {"jurisdictions": "EU", "seen": row.version, "autosave": "1"}, **htmx("purpose")
    )
    row.refresh_from_db()
    assert (row.publication, row.intended_use) == ("public", PURPOSE["intended_use"])


def test_what_an_impact_does_not_say_is_listed_in_its_section(officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(officer)
    an_impact(row, officer, who="Night staff", duration="months")
    page = body(browser.get(at(row)))
    missing = page.split('id="missing-impacts"')[1].split("</div>")[0]
    assert "Say whom these impacts meet: 1." in missing
    assert "Say how long these impacts last: 1." in missing
    assert "Say whether these impacts can be put right: 1, 2." in missing
    for one in Impact.objects.filter(assessment=row):
        edit_impact(one, seen=1, actor=officer, who="Staff", duration="months", reversibility="effort")
    assert "these impacts" not in body(browser.get(at(row)))
