"""The EU AI Act view at its doors: the page of an edition and of a system, the API, the report."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from aims.models import Aims
from assessments.law.bodies import NO_PRESUMPTION
from assessments.models import Assessment
from reports.judged.html import html_of_judged
from reports.judged.source import judged_source
from systems.models import AiSystem
from tests.assessments.make import a_complete_assessment, a_decided_assessment, a_system, an_approver, an_impact
from tests.make import signed_in
from tests.systems.applying.make import eu

DEPLOYER = {"role": "deployer", "high_risk_basis": "annex-iii", "annex_iii_point": "5(b)", "profiles_persons": True}
NO_CONFORMITY = "Nothing here gives presumption of conformity"


def deployed(officer: Actor, **said: Any) -> AiSystem:
    return a_system(officer, "Credit <b>", record=eu(**(DEPLOYER | said)))


def page(aims: Aims, officer: Actor, name: str, *args: str) -> str:
    answer = signed_in(officer).get(reverse(f"assessments:{name}", args=[aims.slug, *args]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.db_both
def test_the_view_of_an_edition_and_of_its_system(aims: Aims, officer: Actor) -> None:
    """The system's page shows the edition in force; elements come for articles that bind, and no other."""
    row = a_decided_assessment(officer, an_approver(aims, officer), deployed(officer))
    for shown in (
        page(aims, officer, "law", row.code, row.edition),
        page(aims, officer, "law-of-system", row.system.code),
    ):
        assert NO_CONFORMITY in shown
        assert "Every deployer of a system of point 5(b)" in shown
        assert "27(1)(b)" in shown
        assert "Not covered by ISO/IEC 42001 or 42005" in shown
        assert "check before you rely on it" in shown
        assert "9(2)(a)" not in shown
        assert row.code in shown
        assert "Credit &lt;b&gt;" in shown
    system = signed_in(officer).get(reverse("systems:detail", args=[aims.slug, row.system.code])).content.decode()
    assert reverse("assessments:law-of-system", args=[aims.slug, row.system.code]) in system
    editor = page(aims, officer, "detail", row.code, row.edition)
    assert reverse("assessments:law", args=[aims.slug, row.code, row.edition]) in editor


def test_a_system_without_assessment_is_told_nothing(aims: Aims, officer: Actor) -> None:
    shown = page(aims, officer, "law-of-system", deployed(officer).code)
    assert "This system was not assessed" in shown
    assert "not told:" in shown
    assert "<small>told:" not in shown
    bare = a_system(officer)
    assert "Not known: the record does not say" in page(aims, officer, "law-of-system", bare.code)
    assert "law-of-system" not in page(aims, officer, "law-of-system", bare.code)


def _queries(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_its_queries_do_not_grow(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    row = a_complete_assessment(officer, deployed(officer))
    places = [
        reverse("assessments:law", args=[aims.slug, row.code, row.edition]),
        reverse("assessments:law-of-system", args=[aims.slug, row.system.code]),
        reverse("api:assessments-eu-ai-act", args=[aims.slug, row.ref_code]),
    ]
    few = [_queries(browser, place) for place in places]
    for number in range(20):
        an_impact(row, officer, description=f"More {number}")
    assert [_queries(browser, place) for place in places] == few
    assert max(few) <= 20


def test_the_api_tells_the_same(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer, deployed(officer, deployer_kind="other"))
    told = signed_in(officer).get(reverse("api:assessments-eu-ai-act", args=[aims.slug, row.ref_code])).json()
    assert (told["notice"], told["basis"], told["is_secondary"]) == (NO_PRESUMPTION, "annex-iii", True)
    assert [one["bearing"] for one in told["articles"]] == ["does-not", "binds", "binds"]
    assert told["articles"][0]["elements"] == []
    assert told["articles"][0]["applies_from"] is None
    assert told["articles"][2]["applies_from"] == "2027-12-02"
    oversight = next(one for one in told["articles"][2]["elements"] if one["key"] == "27(1)(e)")
    assert oversight["told"] == "part"


@pytest.mark.parametrize("says", [True, False])
def test_the_report_has_it_when_the_record_says_anything_to_the_act(aims: Aims, officer: Actor, says: bool) -> None:
    row: Assessment = a_complete_assessment(officer, deployed(officer) if says else a_system(officer))
    html = html_of_judged(judged_source(aims, row.pk))
    assert (NO_CONFORMITY in html) is says
    assert ("27(1)(b)" in html) is says
