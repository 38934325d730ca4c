"""The pages around the register: import, library, what feeds a risk, verification, and the plan with its workbook."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from assessments.actions import approve_plan, feed, submit_plan, treat
from assessments.models import Risk, RiskImpact, TreatmentPlan
from tests.assessments.make import a_control, a_risk, an_approver, an_assessment, an_impact
from tests.assessments.risk.make import table


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=officer.user_id))
    return client


def at(aims: Aims, name: str, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[aims.slug, *args])


def test_a_register_is_looked_at_and_then_brought_in(aims: Aims, browser: Client) -> None:
    data = table(
        ("ID", "Risk", "Likelihood", "Impact", "Level"), ("B-1", "Unfair ranks", 4, 4, "Low"), ("B-2", "Off", 9, 1, "")
    )
    page = at(aims, "import-risks")
    looked = browser.post(page, {"file": SimpleUploadedFile("r.csv", data), "look": "1"}).content.decode()
    assert "“Low”; 16 is Severe" in looked
    assert "no whole number from 1 to 5" in looked
    assert Risk.objects.count() == 0
    taken = browser.post(page, {"file": SimpleUploadedFile("r.csv", data), "take": "1"}, follow=True).content.decode()
    assert "1 registered, 0 changed, 1 rejected." in taken
    refused = browser.post(page, {"file": SimpleUploadedFile("r.csv", b"a,b\n1,2\n"), "look": "1"})
    assert refused.status_code == 422
    assert "no register of risks" in refused.content.decode()


def test_a_risk_begins_from_the_library(aims: Aims, browser: Client) -> None:
    assert "Begin a risk" in browser.get(at(aims, "threats")).content.decode()
    form = browser.get(at(aims, "new-risk") + "?threat=poisoning").content.decode()
    assert "Poisoned training data" in form
    assert 'value="Machine learning"' in form
    said = {"title": "Poisoned", "source_kind": "Machine learning", "objective": "Our own promise", "option": ""}
    browser.post(at(aims, "new-risk"), said)
    row = Risk.objects.get()
    assert (row.source_kind, row.objective) == ("machine_learning", "Our own promise")


def test_the_page_of_a_risk_tells_what_feeds_it_and_whether_treatment_works(
    aims: Aims, officer: Actor, browser: Client
) -> None:
    impact = an_impact(an_assessment(officer), officer)
    row = a_risk(officer, consequence_societies="Trust is lost")
    treat(row, a_control(), actor=officer)
    browser.post(at(aims, "feed", row.code), {"impact": impact.pk})
    said = {"outcome": "effective", "grounds": "Tests of May", "verified_on": "2020-01-01"}
    assert browser.post(at(aims, "verify-risk", row.code), said).status_code == 302
    page = browser.get(at(aims, "risk", row.code)).content.decode()
    for words in ("Trust is lost", impact.description, "Tests of May", "Effective"):
        assert words in page
    link = RiskImpact.objects.get()
    browser.post(at(aims, "stop-feeding", row.code, link.pk), {"seen": link.version})
    assert impact.description not in browser.get(at(aims, "risk", row.code)).content.decode()


def test_the_page_of_a_risk_costs_the_same_with_one_impact_and_many(
    aims: Aims, officer: Actor, browser: Client, django_assert_max_num_queries: Any
) -> None:
    assessment, row = an_assessment(officer), a_risk(officer)
    feed(row, an_impact(assessment, officer), actor=officer)
    with django_assert_max_num_queries(60) as few:
        browser.get(at(aims, "risk", row.code))
    for _number in range(5):
        feed(row, an_impact(assessment, officer), actor=officer)
    with django_assert_max_num_queries(60) as many:
        browser.get(at(aims, "risk", row.code))
    assert abs(len(many) - len(few)) <= 1  # the list of acts may ask once more


def test_the_plan_is_put_up_approved_and_given_as_a_workbook(aims: Aims, officer: Actor, browser: Client) -> None:
    a_risk(officer, title="=1+1")
    assert "Put up for approval" in browser.get(at(aims, "plan")).content.decode()
    assert browser.post(at(aims, "submit-plan"), {"note": "First"}).status_code == 302
    plan = TreatmentPlan.objects.get()
    page = browser.get(at(aims, "treatment-plan", plan.number)).content.decode()
    assert "Approve and accept" not in page
    assert "Send back" in page
    assert browser.post(at(aims, "approve-plan", 1), {"seen": 1, "reason": "Mine"}).status_code == 403
    approve_plan(plan, reason="In proportion", seen=1, actor=an_approver(aims, officer))
    page = browser.get(at(aims, "treatment-plan", plan.number)).content.decode()
    assert "In proportion" in page
    for answer in (browser.get(at(aims, "treatment-plan-workbook", 1)), browser.get(at(aims, "plan-workbook"))):
        sheet = load_workbook(BytesIO(answer.content)).active
        assert sheet is not None
        assert (sheet["B3"].value, sheet["B3"].data_type) == ("=1+1", "s")
    assert browser.get(at(aims, "treatment-plan", 9)).status_code == 404


def test_a_plan_is_sent_back_with_a_reason(aims: Aims, officer: Actor, browser: Client) -> None:
    a_risk(officer)
    submit_plan(actor=officer)
    refused = browser.post(at(aims, "return-plan", 1), {"seen": 1, "reason": ""})
    assert refused.status_code == 422
    assert browser.post(at(aims, "return-plan", 1), {"seen": 7, "reason": "Late"}).status_code == 409
    assert browser.post(at(aims, "return-plan", 1), {"seen": 1, "reason": "Look again"}).status_code == 302
    assert "Look again" in browser.get(at(aims, "treatment-plan", 1)).content.decode()
    blocked = a_risk(officer, option="", likelihood=5, severity=5)
    answer = browser.post(at(aims, "submit-plan"), {"note": ""})
    assert answer.status_code == 422
    assert blocked.code in answer.content.decode()
