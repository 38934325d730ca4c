"""The risk register's verbs: registering, treating, and accepting by the rule of the band."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import accept_risk, edit_risk, register_risk, stop_treating, treat, withdraw_risk
from assessments.actions.accept import NotAcceptable
from assessments.actions.risks import NotOnRegister
from assessments.actions.shared import NotWritable
from assessments.models import Risk, Treatment
from assessments.queries import risk_sheet
from assessments.queries.authors import SCORES, writers_of
from ledger.models import Record
from tests.assessments.make import a_control, a_risk, a_system, an_approver, newer_criteria
from tests.make import a_member, an_organisation, trace_of

pytestmark = pytest.mark.db_both

BANDS = {"low": (2, 2), "moderate": (2, 3), "high": (3, 4), "severe": (4, 4)}


def user(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def a_risk_at(band: str, by: Actor, **fields: Any) -> Risk:
    likelihood, severity = BANDS[band]
    return a_risk(by, residual_likelihood=likelihood, residual_severity=severity, **fields)


def test_registering_numbers_judges_and_records(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer, system=a_system(officer))
    assert (row.code, row.criteria.number) == ("R-001", 1)
    assert a_risk(officer).code == "R-002"
    assert trace_of("risk:R-001") == ["risk.registered"]
    assert row.history.count() == 1
    sheet = risk_sheet(row)
    assert sheet.before is not None
    assert sheet.residual is not None
    assert (sheet.before.band, sheet.residual.band) == ("severe", "moderate")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"title": ""}, "title"), ({"likelihood": 6}, "likelihood"), ({"option": "hope"}, "option")],
)
def test_unsound_risks_are_refused_and_take_no_number(
    aims: Aims, officer: Actor, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotWritable) as caught:
        a_risk(officer, **fields)
    assert caught.value.field == field
    assert a_risk(officer).code == "R-001"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_readers_do_not_write_risks(aims: Aims, officer: Actor, role: Role) -> None:
    other = a_member(aims, role, by=officer)
    row = a_risk(officer)
    with pytest.raises(NotAllowed):
        register_risk(actor=other, title="Mine")
    with pytest.raises(NotAllowed):
        edit_risk(row, seen=1, actor=other, title="Mine")
    with pytest.raises(NotAllowed):
        treat(row, a_control(), actor=other)
    with pytest.raises(NotAllowed):
        withdraw_risk(row, reason="No", seen=1, actor=other)
    assert trace_of(row.ref) == ["risk.registered"]


def test_owners_write_the_risks_they_answer_for(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    mine, other = a_risk(officer, owner=user(owner)), a_risk(officer)
    edit_risk(mine, seen=1, actor=owner, source="Supplier")
    with pytest.raises(NotAllowed):
        edit_risk(other, seen=1, actor=owner, source="Supplier")


def test_a_system_of_another_organisation_is_refused(aims: Aims, officer: Actor) -> None:
    other, boss = an_organisation()
    with acting_in(other, boss):
        foreign, risk = a_system(boss), a_risk(boss)
    with pytest.raises(NotOnRegister):
        a_risk(officer, system=foreign)
    with pytest.raises(Risk.DoesNotExist):
        edit_risk(risk, seen=1, actor=officer, title="Mine now")


def test_editing_holds_writers_apart_and_saves_what_differs(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer)
    edit_risk(row, seen=1, actor=officer, title=row.title)
    assert trace_of(row.ref) == ["risk.registered"]
    edit_risk(row, seen=1, actor=officer, title="Drift")
    with pytest.raises(Conflict):
        edit_risk(row, seen=1, actor=officer, title="Other")
    assert trace_of(row.ref) == ["risk.registered", "risk.edited"]


def test_controls_come_to_treat_and_go(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer)
    link = treat(row, a_control(), actor=officer)
    assert treat(row, a_control(), actor=officer) == link
    stop_treating(link, seen=1, actor=officer)
    assert trace_of(row.ref) == ["risk.registered", "risk.treated", "risk.treatment_withdrawn"]
    assert link.history.count() == 2
    assert risk_sheet(row).treatments == ()
    with pytest.raises(Treatment.DoesNotExist):
        stop_treating(link, seen=2, actor=officer)
    assert treat(row, a_control(), actor=officer) != link
    with pytest.raises(NotWritable):
        treat(row, a_control("A.9"), actor=officer)


def test_a_withdrawn_risk_is_closed(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer)
    with pytest.raises(NotWritable):
        withdraw_risk(row, reason="", seen=1, actor=officer)
    withdraw_risk(row, reason="The system was never bought", seen=1, actor=officer)
    assert trace_of(row.ref)[-1] == "risk.withdrawn"
    for attempt in (
        lambda: edit_risk(row, seen=2, actor=officer, title="Back"),
        lambda: treat(row, a_control(), actor=officer),
        lambda: accept_risk(row, reason="Fine", seen=2, actor=officer),
        lambda: withdraw_risk(row, reason="Again", seen=2, actor=officer),
    ):
        with pytest.raises(NotOnRegister):
            attempt()


WHO_MAY = {
    "low": {"owner", "approver"},
    "moderate": {"owner", "officer", "approver"},
    "high": {"approver"},
    "severe": set[str](),
}


@pytest.mark.parametrize("band", WHO_MAY)
@pytest.mark.parametrize("who", ["owner", "officer", "approver", "stranger", "auditor"])
def test_who_accepts_is_the_rule_of_the_band(aims: Aims, officer: Actor, band: str, who: str) -> None:
    people = {
        "owner": a_member(aims, Role.OWNER, by=officer),
        "officer": a_member(aims, Role.OFFICER, by=officer),
        "approver": an_approver(aims, officer),
        "stranger": a_member(aims, Role.OWNER, by=officer),
        "auditor": a_member(aims, Role.AUDITOR, by=officer),
    }
    row = a_risk_at(band, officer, owner=user(people["owner"]))
    if who in WHO_MAY[band]:
        accepted = accept_risk(row, reason="Watched", seen=1, actor=people[who])
        assert accepted.accepted_by_id == people[who].user_id
        body = json.loads(bytes(Record.objects.get(event="risk.accepted").body))
        assert body["decision"]["harm"] == band
        assert trace_of(row.ref) == ["risk.registered", "risk.accepted"]
    else:
        with pytest.raises(NotAcceptable if band == "severe" else NotAllowed):
            accept_risk(row, reason="Watched", seen=1, actor=people[who])
        assert trace_of(row.ref) == ["risk.registered"]


def test_two_people_are_needed(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = a_risk(owner, owner=user(owner))
    with pytest.raises(NotAcceptable, match="Someone else"):
        accept_risk(row, reason="Fine", seen=1, actor=owner)
    row = edit_risk(row, seen=1, actor=officer, residual_likelihood=3)
    with pytest.raises(NotAcceptable):
        accept_risk(row, reason="Fine", seen=2, actor=officer)
    assert accept_risk(row, reason="Fine", seen=2, actor=an_approver(aims, officer)).accepted_at


def test_accepting_needs_scores_a_reason_and_the_version_seen(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    bare = a_risk(officer, residual_likelihood=None)
    with pytest.raises(NotAcceptable, match="Score what remains"):
        accept_risk(bare, reason="Fine", seen=1, actor=approver)
    row = a_risk(officer)
    with pytest.raises(NotWritable):
        accept_risk(row, reason=" ", seen=1, actor=approver)
    with pytest.raises(Conflict):
        accept_risk(row, reason="Fine", seen=7, actor=approver)
    accept_risk(row, reason="Fine", seen=1, actor=approver)
    with pytest.raises(NotAcceptable, match="already"):
        accept_risk(row, reason="Fine", seen=2, actor=approver)


def test_new_scores_clear_the_acceptance_and_that_is_recorded(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    row = accept_risk(a_risk(officer), reason="Fine", seen=1, actor=approver)
    row = edit_risk(row, seen=2, actor=officer, title="Better words")
    assert row.accepted_at is not None
    row = edit_risk(row, seen=3, actor=officer, residual_severity=4)
    assert (row.accepted_at, row.accepted_by, row.acceptance_reason) == (None, None, "")
    assert trace_of(row.ref)[-2:] == ["risk.edited", "risk.acceptance_cleared"]


def test_new_scores_are_judged_by_new_criteria_and_old_ones_are_not(aims: Aims, officer: Actor) -> None:
    row = a_risk(officer)
    newer = newer_criteria(officer)
    row = edit_risk(row, seen=1, actor=officer, title="Better words")
    assert row.criteria.number == 1
    row = edit_risk(row, seen=2, actor=officer, residual_likelihood=1)
    assert row.criteria == newer


rows = st.lists(
    st.fixed_dictionaries(
        {"history_user_id": st.integers(1, 3), **{name: st.none() | st.integers(1, 5) for name in SCORES}}
    ),
    max_size=6,
)


@given(rows)
def test_the_writer_of_a_score_is_who_brought_in_the_value_that_stands(made: list[dict[str, Any]]) -> None:
    found = writers_of(made)
    if not made:
        assert found == frozenset()
        return
    expected = set()
    for name in SCORES:
        value = made[-1][name]
        first = next(
            (row for index, row in enumerate(made) if all(later[name] == value for later in made[index:])), None
        )
        if value is not None and first is not None:
            expected.add(first["history_user_id"])
    assert found == expected
