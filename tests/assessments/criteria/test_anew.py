"""Judging anew is somebody's act: open assessments and risks, never what is in review or decided."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import accept_risk, judge_assessment_anew, judge_risk_anew
from assessments.actions.judge_anew import JudgedAlready
from assessments.actions.shared import NotOpen
from assessments.models import Assessment
from tests.assessments.criteria.make import newer
from tests.assessments.make import a_risk, a_submitted_assessment, an_approver, an_assessment
from tests.make import a_member, signed_in, trace_of


def test_an_open_assessment_is_judged_anew_on_demand(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    with pytest.raises(JudgedAlready):
        judge_assessment_anew(row, seen=1, actor=officer)
    later = newer(officer)
    assert Assessment.objects.get(pk=row.pk).criteria.number == 1
    with pytest.raises(NotAllowed):
        judge_assessment_anew(row, seen=1, actor=a_member(aims, Role.AUDITOR, by=officer))
    with pytest.raises(Conflict):
        judge_assessment_anew(row, seen=7, actor=officer)
    assert judge_assessment_anew(row, seen=1, actor=officer).criteria == later
    assert trace_of(row.ref) == ["assessment.started", "assessment.judged_anew"]


def test_what_is_in_review_keeps_its_criteria(aims: Aims, officer: Actor) -> None:
    row = a_submitted_assessment(officer)
    newer(officer)
    with pytest.raises(NotOpen):
        judge_assessment_anew(row, seen=row.version, actor=officer)


def test_a_risk_judged_anew_waits_for_acceptance_again(aims: Aims, officer: Actor) -> None:
    row = accept_risk(a_risk(officer), reason="Fine", seen=1, actor=an_approver(aims, officer))
    later = newer(officer)
    with pytest.raises(NotAllowed):
        judge_risk_anew(row, seen=2, actor=a_member(aims, Role.REVIEWER, by=officer))
    row = judge_risk_anew(row, seen=2, actor=officer)
    assert (row.criteria, row.accepted_at, row.acceptance_reason) == (later, None, "")
    assert trace_of(row.ref)[-2:] == ["risk.judged_anew", "risk.acceptance_cleared"]
    with pytest.raises(JudgedAlready):
        judge_risk_anew(row, seen=3, actor=officer)


def test_the_page_lists_what_is_behind_and_puts_it_right(aims: Aims, officer: Actor) -> None:
    browser, here = signed_in(officer), f"/a/{aims.slug}/settings/criteria/earlier/"
    draft, risk = an_assessment(officer), a_risk(officer)
    newer(officer)
    assert draft.ref_code in browser.get(here).content.decode()
    page = browser.get(f"{here}?tab=risks").content.decode()
    assert (risk.code in page, f'aria-label="Judge {risk.code} by version 2"' in page) == (True, True)
    door = f"/a/{aims.slug}/settings/criteria/earlier/risks/{risk.code}/"
    assert "Someone else saved" in browser.post(door, {"seen": 9}, follow=True).content.decode()
    assert "Judged by the newest criteria" in browser.post(door, {"seen": 1}, follow=True).content.decode()
    assert "judges it already" in browser.post(door, {"seen": 2}, follow=True).content.decode()
    browser.post(f"/a/{aims.slug}/settings/criteria/earlier/{draft.code}/{draft.edition}/", {"seen": 1})
    assert Assessment.objects.get(pk=draft.pk).criteria.number == 2


def test_many_rows_cost_no_more_than_few(aims: Aims, officer: Actor) -> None:
    browser, here = signed_in(officer), f"/a/{aims.slug}/settings/criteria/earlier/?tab=risks"
    costs = []
    for _round in range(2):
        for _n in range(3):
            a_risk(officer)
        newer(officer, acceptable_up_to="" if not costs else "low")
        browser.get(here)
        with CaptureQueriesContext(connection) as asked:
            browser.get(here)
        costs.append(len(asked))
    assert costs[0] == costs[1]
