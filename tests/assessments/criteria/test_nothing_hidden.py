"""Whatever happens to harms and risks: nothing above acceptance is ever both untreated and unflagged."""

import contextlib
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.judging import bands_up_to
from assessments.actions import (
    accept_risk,
    edit_impact,
    edit_measure,
    edit_risk,
    judge_risk_anew,
    stop_treating,
    treat,
    withdraw_impact,
    withdraw_measure,
    withdraw_risk,
)
from assessments.criteria.untreated import above_acceptance, open_harms, open_risks, untreated
from assessments.models import Impact, Measure, Option, Risk, Treatment
from soa.actions import open_statement
from soa.checks import flags_of
from soa.checks import untreated as check
from soa.queries.rows import Sheet, read_sheet
from tests.assessments.criteria.make import newer
from tests.assessments.make import a_control, a_measure, a_risk, an_approver, an_assessment, an_impact
from tests.make import an_organisation

score = st.sampled_from([None, 1, 2, 3, 4, 5])
scores = st.fixed_dictionaries(
    dict.fromkeys(("likelihood", "severity", "residual_likelihood", "residual_severity"), score)
)
said = st.fixed_dictionaries(
    {
        "option": st.sampled_from(["", *Option.values]),
        "plan": st.sampled_from(["", "Tests before each release"]),
        "due_on": st.sampled_from([None, date(2999, 1, 1)]),
        "done_on": st.sampled_from([None, date(2020, 1, 1)]),
    }
)
CRITERIA: tuple[dict[str, Any], ...] = (
    {"acceptable_up_to": "moderate"},
    {"acceptable_up_to": "", "severity_five_at_least": "severe"},
    {"acceptable_up_to": "low", "bands": bands_up_to(3, 5, 12)},
    {"acceptable_up_to": "low", "severity_five_at_least": "high", "bands": bands_up_to(1, 8, 20)},
)


def is_above(row: Risk | Impact, criteria: Any) -> bool:
    likelihood, severity = row.now
    return bool(likelihood and severity and not criteria.is_acceptable(criteria.band(likelihood, severity)))


def hidden_risks() -> set[str]:
    """Risks above acceptance that nothing treats, told without the database: option by option, as 6.1.3 names them."""
    found = set()
    for row in Risk.objects.filter(withdrawn_at=None).select_related("criteria"):
        has_control = any(one.withdrawn_at is None for one in row.treatments.all())
        has_date = row.due_on is not None or row.done_on is not None
        does = {
            "": has_control,
            "retain": False,
            "modify": has_control or (has_date and row.plan != ""),
            "avoid": has_control or has_date,
            "share": has_control or has_date,
        }
        if is_above(row, row.criteria) and not does[row.option] and row.accepted_at is None:
            found.add(row.code)
    return found


def hidden_harms() -> set[int]:
    found = set()
    for row in Impact.objects.filter(withdrawn_at=None, valence="harm").select_related("assessment__criteria"):
        measures = [one for one in row.measures.all() if one.withdrawn_at is None and not one.is_failing]
        if is_above(row, row.assessment.criteria) and not measures:
            found.add(row.pk)
    return found


class Register(RuleBasedStateMachine):
    """An officer does what they like to a few harms and risks; an approver accepts what they may."""

    def __init__(self) -> None:
        super().__init__()
        self.aims, self.officer = an_organisation()
        self.context = acting_in(self.aims, self.officer)
        self.context.__enter__()
        self.approver = an_approver(self.aims, self.officer)
        open_statement(actor=self.officer)
        self.draft = an_assessment(self.officer)

    def teardown(self) -> None:
        flagged = [flag for flag in flags_of(read_sheet(self.aims)) if flag.check == "untreated"]
        assert len(flagged) == bool(hidden_risks()) + bool(hidden_harms())
        self.context.__exit__(None, None, None)

    def attempt(self, verb: Any, row: Any, **fields: Any) -> None:
        with contextlib.suppress(Refusal):
            verb(row, seen=row.version, actor=self.officer, **fields)

    def one(self, rows: Any, at: int) -> Any:
        found = list(rows.filter(withdrawn_at=None).order_by("pk"))
        return found[at % len(found)] if found else None

    @rule(levels=scores, told=said)
    def register(self, levels: dict[str, Any], told: dict[str, Any]) -> None:
        a_risk(self.officer, **levels, **told)

    @rule(at=st.integers(0, 9), levels=scores, told=said)
    def edit(self, at: int, levels: dict[str, Any], told: dict[str, Any]) -> None:
        if row := self.one(Risk.objects, at):
            self.attempt(edit_risk, row, **told, **levels)

    @rule(at=st.integers(0, 9))
    def name_control(self, at: int) -> None:
        if row := self.one(Risk.objects, at):
            treat(row, a_control(), actor=self.officer)

    @rule(at=st.integers(0, 9))
    def take_control_out(self, at: int) -> None:
        if link := self.one(Treatment.objects, at):
            self.attempt(stop_treating, link)

    @rule(at=st.integers(0, 9))
    def accept(self, at: int) -> None:
        if row := self.one(Risk.objects, at):
            with contextlib.suppress(Refusal):
                accept_risk(row, reason="Watched", seen=row.version, actor=self.approver)

    @rule(at=st.integers(0, 9))
    def withdraw(self, at: int) -> None:
        if row := self.one(Risk.objects, at):
            self.attempt(withdraw_risk, row, reason="Never bought")

    @rule(changed=st.sampled_from(CRITERIA))
    def set_criteria(self, changed: dict[str, Any]) -> None:
        with contextlib.suppress(Refusal):
            newer(self.officer, **changed)

    @rule(at=st.integers(0, 9))
    def judge_anew(self, at: int) -> None:
        if row := self.one(Risk.objects, at):
            self.attempt(judge_risk_anew, row)

    @rule(levels=scores, valence=st.sampled_from(["harm", "harm", "benefit"]))
    def harm(self, levels: dict[str, Any], valence: str) -> None:
        an_impact(self.draft, self.officer, valence=valence, **(levels if valence == "harm" else {}))

    @rule(at=st.integers(0, 9), levels=scores)
    def score(self, at: int, levels: dict[str, Any]) -> None:
        if row := self.one(Impact.objects.filter(valence="harm"), at):
            self.attempt(edit_impact, row, **levels)

    @rule(at=st.integers(0, 9))
    def measure(self, at: int) -> None:
        if row := self.one(Impact.objects, at):
            a_measure(row, self.officer)

    @rule(at=st.integers(0, 9), fails=st.booleans())
    def try_measure(self, at: int, fails: bool) -> None:
        if row := self.one(Measure.objects.filter(impact__withdrawn_at=None), at):
            self.attempt(edit_measure, row, is_failing=fails)

    @rule(at=st.integers(0, 9), verb=st.sampled_from(["impact", "measure"]))
    def take_out(self, at: int, verb: str) -> None:
        rows, act = (Impact.objects, withdraw_impact) if verb == "impact" else (Measure.objects, withdraw_measure)
        if row := self.one(rows, at):
            self.attempt(act, row)

    @invariant()
    def what_is_untreated_is_flagged(self) -> None:
        assert set(above_acceptance(open_risks(), "criteria").values_list("code", flat=True)) == hidden_risks()
        harms = above_acceptance(open_harms(), "assessment__criteria")
        assert set(harms.values_list("pk", flat=True)) == hidden_harms()
        told = list(check(cast("Sheet", SimpleNamespace(untreated=untreated()))))
        assert len(told) == bool(hidden_risks()) + bool(hidden_harms())


class RegisterTest(TestCase):
    """Run the machine inside Django's test transaction."""

    def test_any_order_of_acts(self) -> None:
        run_state_machine_as_test(Register, settings=settings(max_examples=10, stateful_step_count=15, deadline=None))
