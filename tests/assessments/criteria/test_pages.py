"""The pages and the API of the criteria."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.roles import Role
from aims.judging import SCORES
from aims.models import Aims, Criteria
from aims.queries import current_criteria
from tests.api.make import a_machine
from tests.assessments.criteria.make import newer
from tests.assessments.make import a_risk, an_assessment, an_impact
from tests.make import a_member, signed_in


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def body(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def typed(**changed: Any) -> dict[str, Any]:
    """The form as the page fills it, with something changed."""
    row = current_criteria()
    found: dict[str, Any] = {"seen": row.number, "why": "Board review", "escalate_from": row.escalate_from}
    for scale in ("likelihood", "severity"):
        for step in getattr(row, scale):
            found |= {f"{scale}_{step['score']}": step["label"], f"{scale}_{step['score']}_means": step["wording"]}
    found |= {f"{band}_to": row.bands[band][1] for band in ("low", "moderate", "high")}
    found |= {"severity_five_at_least": "high", "acceptable_up_to": row.acceptable_up_to}
    found |= {"accept_low": ["owner", "approver"], "accept_moderate": ["owner", "officer", "approver"]}
    return found | {"accept_high": ["approver"]} | changed


def test_the_page_shows_scales_bands_and_who_accepts(aims: Aims, officer: Actor, browser: Client) -> None:
    page = body(browser.get(f"/a/{aims.slug}/settings/criteria/"))
    for words in (
        "Almost certain",
        "Irreversible",
        "its owner, a compliance officer or an approver",
        "needed, escalated",
    ):
        assert words in page
    reader = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    assert "Set a new version" not in body(reader.get(f"/a/{aims.slug}/settings/criteria/"))


def test_what_a_version_would_move_is_shown_before_it_is_set(aims: Aims, officer: Actor, browser: Client) -> None:
    here = f"/a/{aims.slug}/settings/criteria/"
    row = an_assessment(officer)
    an_impact(row, officer, likelihood=2, severity=2)
    page = body(browser.post(here, typed(low_to=3, preview="1")))
    assert row.ref_code in page
    assert "needs treatment" in page
    assert Criteria.objects.count() == 1
    assert browser.post(here, typed(low_to=3)).status_code == 302
    assert current_criteria().bands["low"] == [1, 3]
    assert row.ref_code in body(browser.get(f"{here}compare/"))
    assert "Both versions say the same" in body(browser.get(f"{here}compare/?from=2&to=2"))


def test_faults_stand_at_their_fields(aims: Aims, browser: Client) -> None:
    here = f"/a/{aims.slug}/settings/criteria/"
    assert "without gaps" in body(browser.post(here, typed(moderate_to=4)), 422)
    assert "only an approver" in body(browser.post(here, typed(accept_high=["owner"])), 422)
    assert "Fill in: Likelihood 3" in body(browser.post(here, typed(likelihood_3="")), 422)
    assert "Nothing differs" in body(browser.post(here, typed()), 422)
    assert Criteria.objects.count() == 1


def test_two_who_set_at_once_see_each_other(aims: Aims, officer: Actor, browser: Client) -> None:
    late = typed(low_to=2)
    newer(officer, acceptable_up_to="")
    page = body(browser.post(f"/a/{aims.slug}/settings/criteria/", late), 409)
    assert "Someone else saved this" in page
    assert "Acceptable without treatment up to" in page
    assert Criteria.objects.count() == 2


@pytest.mark.parametrize("tab", ["impacts", "risks", ""])
def test_what_is_open_is_listed_at_a_fixed_cost(aims: Aims, officer: Actor, browser: Client, tab: str) -> None:
    here = f"/a/{aims.slug}/settings/criteria/untreated/?tab={tab}"
    costs = []
    for _round in range(2):
        for _n in range(2):
            an_impact(an_assessment(officer), officer)
            a_risk(officer)
        browser.get(here)
        with CaptureQueriesContext(connection) as found:
            page = body(browser.get(here))
        costs.append(len(found))
    assert costs[0] == costs[1]
    assert ("R-004" in page) == (tab == "risks")


def test_the_api_reads_sets_and_compares(aims: Aims, officer: Actor) -> None:
    machine = a_machine(aims, officer)
    now = machine.read("criteria/").json()
    assert (now["number"], now["accepts"]["severe"], now["named"]) == (1, [], {})
    wanted = {name: now[name] for name in ("likelihood", "severity", "severity_five_at_least", "escalate_from")}
    wanted |= {
        "acceptable_up_to": "",
        "accepts": now["accepts"],
        "bands": now["bands"] | {"low": [1, 3], "moderate": [4, 9]},
    }
    wanted |= {"why": "Board review", "seen": 1, "named": {"moderate": [officer.email]}}
    answer = machine.act("criteria/", wanted)
    assert answer.status_code == 201, answer.content
    assert answer.json()["named"] == {"moderate": [officer.email]}
    assert machine.act("criteria/", wanted).status_code == 409
    assert machine.act("criteria/", wanted | {"seen": 2, "bands": {"low": [1, 25]}}).status_code in {400, 422}
    assert [row["number"] for row in machine.read("criteria/versions/").json()] == [1, 2]
    both = machine.read("criteria/compare/").json()
    assert (both["older"], both["newer"]) == (1, 2)
    assert {"about": "Acceptable without treatment up to", "before": "Low", "after": "nothing"} in both["said"]
    assert machine.read("criteria/compare/?from=7").status_code in {404, 422}
    assert machine.read("criteria/compare/?from=x").status_code == 400
    assert len(SCORES) == len(now["likelihood"])
