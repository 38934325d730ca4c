"""The pages of a risk."""

from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import accept_risk, edit_risk, treat
from assessments.models import Risk, Treatment
from tests.assessments.make import a_control, a_risk, a_system, an_approver
from tests.make import a_member, an_organisation, signed_in, trace_of

RISK = {
    "title": "Drift",
    "source": "Season",
    "likelihood": "4",
    "severity": "4",
    "residual_likelihood": "2",
    "residual_severity": "3",
    "option": "modify",
    "due_on": "2999-01-01",
}


def body(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


@pytest.fixture
def base(aims: Aims) -> str:
    return f"/a/{aims.slug}/assessments/risks/"


def test_a_risk_is_registered_and_shown(aims: Aims, officer: Actor, browser: Client, base: str) -> None:
    system = a_system(officer, "Ranker")
    assert "selected" in body(browser.get(f"{base}new/", {"system": system.code}))
    assert "error-summary" in body(browser.post(f"{base}new/", RISK | {"title": ""}), 422)
    answer = browser.post(f"{base}new/", RISK | {"system": system.pk, "owner": officer.user_id})
    assert answer["Location"] == f"{base}R-001/"
    page = body(browser.get(answer["Location"]))
    for words in (
        "R-001 Drift",
        "Season",
        "Ranker",
        "16",
        "Severe",
        "Moderate",
        "Reduce",
        "1 January 2999",
        "impact-matrix",
    ):
        assert words in page, words


def test_a_risk_is_edited_and_two_writers_are_held_apart(
    aims: Aims, officer: Actor, browser: Client, base: str
) -> None:
    row = a_risk(officer)
    assert row.title in body(browser.get(f"{base}R-001/edit/"))
    assert browser.post(f"{base}R-001/edit/", RISK | {"seen": "1"}).status_code == 302
    page = body(browser.post(f"{base}R-001/edit/", RISK | {"title": "Mine", "seen": "1"}), 409)
    assert "Someone else saved this" in page
    assert "Mine" in page
    assert "error-summary" in body(browser.post(f"{base}R-001/edit/", RISK | {"severity": "6", "seen": "2"}), 422)


def test_controls_are_named_and_taken_out(aims: Aims, officer: Actor, browser: Client, base: str) -> None:
    row = a_risk(officer)
    assert "A.9.2" in body(browser.get(f"{base}R-001/treat/"))
    assert "error-summary" in body(browser.post(f"{base}R-001/treat/", {}), 422)
    browser.post(f"{base}R-001/treat/", {"requirement": a_control().pk})
    link = Treatment.objects.get()
    assert "Take out" in body(browser.get(f"{base}R-001/"))
    assert "Someone else" in body(browser.post(f"{base}R-001/treatments/{link.pk}/withdraw/", {"seen": "3"}), 409)
    browser.post(f"{base}R-001/treatments/{link.pk}/withdraw/", {"seen": "1"})
    assert trace_of(row.ref)[1:] == ["risk.treated", "risk.treatment_withdrawn"]
    assert browser.post(f"{base}R-001/treatments/{link.pk}/withdraw/", {"seen": "2"}).status_code == 404


def test_accepting_is_offered_to_who_may(aims: Aims, officer: Actor, browser: Client, base: str) -> None:
    a_risk(officer)
    approver = signed_in(an_approver(aims, officer))
    assert "Accept what remains" not in body(browser.get(f"{base}R-001/"))
    assert "Someone else has to accept" in body(
        browser.post(f"{base}R-001/accept/", {"reason": "Fine", "seen": "1"}), 422
    )
    assert "Accept what remains" in body(approver.get(f"{base}R-001/"))
    assert "error-summary" in body(approver.post(f"{base}R-001/accept/", {"seen": "1"}), 422)
    assert approver.post(f"{base}R-001/accept/", {"reason": "Watched closely", "seen": "1"}).status_code == 302
    assert "Watched closely" in body(browser.get(f"{base}R-001/"))
    assert "clear the acceptance" in body(browser.get(f"{base}R-001/edit/"))


def test_severe_says_that_nobody_may(aims: Aims, officer: Actor, base: str) -> None:
    a_risk(officer, residual_likelihood=5, residual_severity=5)
    approver = signed_in(an_approver(aims, officer))
    assert "Nobody may accept Severe" in body(approver.get(f"{base}R-001/"))
    assert "Nobody may accept Severe" in body(
        approver.post(f"{base}R-001/accept/", {"reason": "Fine", "seen": "1"}), 422
    )


def test_withdrawing_needs_a_reason_and_closes_the_page(aims: Aims, officer: Actor, browser: Client, base: str) -> None:
    a_risk(officer)
    assert "Take it off the register" in body(browser.get(f"{base}R-001/withdraw/"))
    assert "error-summary" in body(browser.post(f"{base}R-001/withdraw/", {"seen": "1"}), 422)
    browser.post(f"{base}R-001/withdraw/", {"seen": "1", "reason": "Never bought"})
    page = body(browser.get(f"{base}R-001/"))
    assert "Off the register" in page
    assert "/edit/" not in page
    assert browser.post(f"{base}R-001/edit/", RISK | {"seen": "2"}).status_code == 422


@pytest.mark.parametrize("tail", ["new/", "R-001/edit/", "R-001/treat/", "R-001/withdraw/", "R-001/accept/"])
def test_readers_read_and_do_not_write(aims: Aims, officer: Actor, base: str, tail: str) -> None:
    a_risk(officer)
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    assert "R-001" in body(reader.get(f"{base}R-001/"))
    assert reader.get(base + tail).status_code == 403
    assert reader.post(base + tail, RISK | {"seen": "1", "reason": "No"}).status_code == 403
    assert trace_of("risk:R-001") == ["risk.registered"]


def test_other_organisations_find_nothing(aims: Aims, officer: Actor, browser: Client, base: str) -> None:
    other, boss = an_organisation()
    with acting_in(other, boss):
        a_risk(boss)
        system = a_system(boss)
    assert browser.get(f"{base}R-001/").status_code == 404
    assert browser.post(f"{base}R-001/edit/", RISK | {"seen": "1"}).status_code == 404
    assert browser.post(f"{base}new/", RISK | {"system": system.pk}).status_code == 422
    assert Risk.objects.count() == 0


def test_the_page_tells_what_happened(aims: Aims, officer: Actor, browser: Client, base: str) -> None:
    row = a_risk(officer)
    treat(row, a_control(), actor=officer)
    row = accept_risk(row, reason="Watched", seen=1, actor=an_approver(aims, officer))
    edit_risk(row, seen=2, actor=officer, residual_severity=5)
    page = body(browser.get(f"{base}R-001/"))
    for words in ("put on the register", "named as treating", "was accepted by someone", "waits again"):
        assert words in page, words
