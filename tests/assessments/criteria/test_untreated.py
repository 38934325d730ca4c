"""Nothing above acceptance is ever both untreated and unflagged."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.actor import Actor
from aims.judging import bands_up_to
from aims.models import Aims
from assessments.actions import accept_risk, stop_treating, treat
from assessments.criteria.untreated import above_acceptance, open_harms, open_risks, untreated
from assessments.models import Risk
from soa.actions import open_statement
from soa.checks import flags_of
from soa.pages import flag_address
from soa.queries.rows import read_sheet
from tests.assessments.criteria.make import newer
from tests.assessments.make import a_control, a_measure, a_risk, an_approver, an_assessment, an_impact

PLAIN = {"residual_likelihood": None, "residual_severity": None, "option": ""}


def flagged(aims: Aims) -> list[str]:
    return [flag.message for flag in flags_of(read_sheet(aims)) if flag.check == "untreated"]


def listed() -> set[str]:
    return set(above_acceptance(open_risks(), "criteria").values_list("code", flat=True))


@pytest.mark.db_both
def test_every_cell_is_told_apart_by_its_own_criteria(aims: Aims, officer: Actor) -> None:
    expected = set()
    for level in ("low", ""):
        for likelihood in range(1, 6):
            for severity in (1, 3, 5):
                row = a_risk(officer, likelihood=likelihood, severity=severity, **PLAIN)
                if not row.criteria.is_acceptable(row.criteria.band(likelihood, severity)):
                    expected.add(row.code)
        if level:
            newer(officer, acceptable_up_to="moderate", bands=bands_up_to(1, 3, 12))
    assert 0 < len(expected) < Risk.objects.count()
    assert listed() == expected
    assert untreated().risks.count == len(expected)
    assert untreated().risks.first == min(expected)


def test_a_risk_is_open_until_it_is_treated_or_accepted(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer, option="")
    assert listed() == {row.code}
    link = treat(row, a_control(), actor=officer)
    assert listed() == set()
    stop_treating(link, seen=1, actor=officer)
    assert listed() == {row.code}
    accept_risk(row, reason="Watched", seen=1, actor=an_approver(aims, officer))
    assert listed() == set()


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({"option": "retain"}, True),
        ({"option": "modify", "due_on": date(2999, 1, 1)}, True),
        ({"option": "avoid"}, True),
        ({"option": "avoid", "due_on": date(2999, 1, 1)}, False),
        ({"option": "share", "due_on": date(2999, 1, 1)}, False),
        ({"likelihood": 1, "severity": 1, "residual_likelihood": None, "residual_severity": None}, False),
        ({"likelihood": None, "residual_likelihood": None}, False),
    ],
)
def test_what_counts_as_treated(aims: Aims, officer: Actor, fields: dict[str, Any], is_open: bool) -> None:
    a_risk(officer, **fields)
    assert (untreated().risks.count == 1) == is_open


@pytest.mark.db_both
def test_the_statement_flags_harms_and_risks(
    aims: Aims, officer: Actor, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    open_statement(actor=officer)
    assert flagged(aims) == []
    draft = an_assessment(officer)
    first = an_impact(draft, officer)
    an_impact(draft, officer, likelihood=1, severity=1)
    an_impact(draft, officer, valence="benefit")
    assert flagged(aims) == [f"1 impact above the acceptance level has no measure, in {draft.code}"]
    a_measure(first, officer)
    risk = a_risk(officer)
    assert flagged(aims) == [f"{risk.code} is above the acceptance level, neither treated nor accepted"]
    assert not above_acceptance(open_harms(), "assessment__criteria").exists()
    a_risk(officer)
    assert flagged(aims) == [f"2 risks above the acceptance level are neither treated nor accepted, {risk.code} first"]
    with django_assert_max_num_queries(2):
        untreated()


def test_a_flag_leads_to_what_is_open(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    a_risk(officer)
    flag = next(flag for flag in flags_of(read_sheet(aims)) if flag.check == "untreated")
    base = reverse("soa:workbench", args=[aims.slug])
    assert flag_address(base, flag) == f"/a/{aims.slug}/settings/criteria/untreated/"
    assert flag_address(base, flag, {"as_of": "2026-06-18"}).endswith("untreated/?as_of=2026-06-18")
