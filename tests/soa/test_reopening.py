"""Exclusions are reopened by scope, role, linked systems and time, stay excluded, and are renewed together."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions import describe
from aims.actions.describe import Description
from aims.actions.state_scope import Scope, state_scope
from aims.models import Aims
from duties.models import Task
from soa.actions import amend, decide_for_system, expire_exclusions, renew_exclusions
from soa.actions.expire import expire_all
from soa.actions.renew import NotRenewable, _refuse_day
from soa.models import Applicability, Entry, Reopening
from systems.actions import edit_system
from systems.models import AiSystem
from tests.make import a_member, signed_in, trace_of
from tests.soa.make import a_statement, an_entry, excluded, flagged, included
from tests.systems.make import a_system


@pytest.fixture(autouse=True)
def _statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)


def causes(code: str) -> list[str]:
    rows = Reopening.objects.filter(entry__requirement__code=code, settled_at__isnull=True)
    return list(rows.order_by("pk").values_list("cause", flat=True))


def tasks() -> list[str]:
    return list(Task.objects.filter(kind="exclusion", closed_at__isnull=True).values_list("subject", flat=True))


def today(aims: Aims) -> date:
    return clock.today(aims.time_zone)


def renewed(officer: Actor, *codes: str, days: int = 300, why: str = "Looked at again.") -> list[Entry]:
    seen = {code: an_entry(code).version for code in codes}
    until = clock.now().date() + timedelta(days=days)
    return renew_exclusions(seen, expires_on=until, why=why, actor=officer)


def rescoped(aims: Aims, officer: Actor, text: str = "All of it.", seen: int = 0) -> None:
    state_scope(Scope(text, today(aims)), seen=seen, actor=officer)


@pytest.mark.db_both
def test_a_new_scope_reopens_every_exclusion_once(aims: Aims, officer: Actor) -> None:
    for code in ("A.10.3", "A.10.4"):
        excluded(officer, code)
    included(officer, "A.2.2")
    rescoped(aims, officer)
    assert (causes("A.10.3"), causes("A.10.4"), causes("A.2.2")) == (["scope"], ["scope"], [])
    assert sorted(tasks()) == ["entry:A.10.3", "entry:A.10.4"]
    assert trace_of("entry:A.10.3") == ["soa.decided", "soa.exclusion_reopened"]
    assert an_entry("A.10.3").applicability == Applicability.EXCLUDED
    rescoped(aims, officer, "All and more.", seen=1)
    assert len(tasks()) == 2
    amend(an_entry("A.10.3"), {"why": "Still not."}, seen=an_entry("A.10.3").version, actor=officer)
    assert (causes("A.10.3"), tasks()) == ([], ["entry:A.10.4"])


@pytest.mark.db_both
def test_a_role_reopens_what_it_speaks_for_and_asks_no_more_when_it_is_given_up(aims: Aims, officer: Actor) -> None:
    for code in ("A.10.3", "A.10.4"):
        excluded(officer, code)
    about = {"organisation": aims.organisation, "time_zone": aims.time_zone}
    row = describe(Description(**about, roles_played=["provider", "customer"]), seen=aims.version, actor=officer)
    reopened = [code for code in ("A.10.3", "A.10.4") if causes(code) == ["role"]]
    assert reopened
    assert flagged(aims, "reopened") == reopened
    describe(Description(**about, roles_played=["provider"]), seen=row.version, actor=officer)
    assert not any(causes(code) for code in reopened)
    assert tasks() == []


def linked(officer: Actor, code: str) -> AiSystem:
    system = a_system(officer, in_scope=True)
    entry = included(officer, code)
    decide_for_system(
        entry, system, applicability=Applicability.EXCLUDED, why="It is not used there.", implementation="", seen=0,
        actor=officer,
    )  # fmt: skip
    return system


@pytest.mark.db_both
def test_a_linked_system_that_changes_reopens_what_was_excluded_for_it(aims: Aims, officer: Actor) -> None:
    system = linked(officer, "A.8.3")
    edit_system(system, seen=system.version, actor=officer, name="Another name")
    assert causes("A.8.3") == []
    system.refresh_from_db()
    edit_system(system, seen=system.version, actor=officer, model_version="9.9")
    assert causes("A.8.3") == ["system"]
    assert flagged(aims, "reopened") == ["A.8.3"]
    row = an_entry("A.8.3").per_system.get()
    about: dict[str, Any] = {"applicability": row.applicability, "implementation": "", "seen": row.version}
    decide_for_system(row.entry, system, **about, why="Looked at: still not used there.", actor=officer)
    assert (causes("A.8.3"), tasks()) == ([], [])


@pytest.mark.db_both
def test_what_expires_is_reopened_once_and_renewed(aims: Aims, officer: Actor) -> None:
    excluded(officer, "A.10.4", expires_on=today(aims))
    excluded(officer, "A.10.3")
    assert expire_exclusions(aims, actor=officer) == 0
    with clock.standing_at(clock.now() + timedelta(days=2)):
        expire_all()
        expire_all()
        assert (causes("A.10.4"), causes("A.10.3"), tasks()) == (["expiry"], [], ["entry:A.10.4"])
        (row,) = renewed(officer, "A.10.4")
        assert (causes("A.10.4"), tasks(), flagged(aims, "exclusion_expired")) == ([], [], [])
    assert row.history.count() == 4
    assert trace_of(row.ref)[-1] == "soa.exclusion_renewed"


def test_all_are_renewed_or_none(aims: Aims, officer: Actor) -> None:
    excluded(officer, "A.10.3")
    excluded(officer, "A.10.4", why="")
    included(officer, "A.2.2")
    before = an_entry("A.10.3").version
    with pytest.raises(NotRenewable, match=r"Say why A\.10\.4"):
        renewed(officer, "A.10.3", "A.10.4")
    with pytest.raises(NotRenewable, match=r"A\.2\.2 is not excluded"):
        renewed(officer, "A.10.3", "A.2.2")
    with pytest.raises(NotRenewable, match="at least one"):
        renewed(officer)
    with pytest.raises(NotRenewable, match="what was looked at"):
        renewed(officer, "A.10.3", why=" ")
    with pytest.raises(NotAllowed):
        renewed(a_member(aims, Role.OWNER, by=officer), "A.10.3")
    with pytest.raises(Conflict):
        renew_exclusions({"A.10.3": 1}, expires_on=today(aims) + timedelta(days=9), why="Yes.", actor=officer)
    assert an_entry("A.10.3").version == before


@given(days=st.integers(-800, 800))
def test_an_exclusion_is_renewed_into_the_coming_year_and_nowhere_else(days: int) -> None:
    now = date(2028, 2, 29)
    day = now + timedelta(days=days)
    if now < day <= clock.a_year_after(now):
        _refuse_day(day, now)
    else:
        with pytest.raises(NotRenewable):
            _refuse_day(day, now)


def test_the_page_lists_what_asks_and_renews_the_chosen(aims: Aims, officer: Actor) -> None:
    for code in ("A.10.3", "A.10.4"):
        excluded(officer, code)
    a_system(officer, in_scope=True, supplier="Talentgrid")  # speaks for A.10.3
    rescoped(aims, officer)
    browser, here = signed_in(officer), reverse("soa:renew", args=[aims.slug])
    page = browser.get(here).content.decode()
    assert "the scope was stated anew in version 1" in page
    assert "make it necessary" in page
    seen = {"A.10.4-seen": an_entry("A.10.4").version}
    good = {"control": ["A.10.4"], "expires_on": (today(aims) + timedelta(days=90)).isoformat(), "why": "Still so."}
    assert browser.post(here, good | seen | {"control": ["A.10.3"]}).status_code == 422
    assert browser.post(here, good | seen | {"why": ""}).status_code == 422
    assert browser.post(here, good | {"A.10.4-seen": 1}).status_code == 409
    assert browser.post(here, good | seen).status_code == 302
    assert causes("A.10.4") == []
    assert set(causes("A.10.3")) >= {"scope", "facts"}
