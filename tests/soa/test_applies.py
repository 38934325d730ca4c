"""Facts of systems propose controls, contradict exclusions, and reopen those that they come to contradict."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from soa.actions import amend, confirm_area, decide_for_system, in_bulk
from soa.actions.decide import NotDecidable
from soa.actions.per_system import NotDecidableForSystem
from soa.checks import flags_of
from soa.models import Applicability, Entry
from soa.queries.rows import Row, read_sheet
from systems.actions import edit_system, move_stage, say_scope
from systems.models import AiSystem
from tests.make import a_member, signed_in
from tests.soa.make import a_statement, an_entry, excluded, flagged, included
from tests.systems.make import a_system, person_of


@pytest.fixture(autouse=True)
def _statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)


def row_of(aims: Aims, code: str) -> Row:
    return next(row for row in read_sheet(aims).rows if row.code == code)


def tell(system: AiSystem, actor: Actor, **facts: Any) -> AiSystem:
    system.refresh_from_db()
    return edit_system(system, seen=system.version, actor=actor, **facts)


def bring_in(system: AiSystem, actor: Actor, *, is_in_scope: bool = True) -> None:
    system.refresh_from_db()
    say_scope(system, is_in_scope=is_in_scope, reason="Said anew.", seen=system.version, actor=actor)


def tasks() -> list[tuple[str, str]]:
    return list(Task.objects.filter(kind="exclusion", closed_at__isnull=True).values_list("subject", "title"))


@pytest.mark.db_both
def test_facts_of_systems_in_scope_stand_beside_the_row(aims: Aims, officer: Actor) -> None:
    first = a_system(officer, in_scope=True, supplier="Talentgrid")
    a_system(officer, in_scope=True, supplier="Halden")
    a_system(officer, in_scope=False, supplier="Nobody")
    a_system(officer, supplier="Unsaid")
    retired = a_system(officer, in_scope=True, supplier="Gone")
    move_stage(retired, "retired", reason="Over.", seen=retired.version, actor=officer)
    supplied = next(one for one in row_of(aims, "A.10.3").proposals if one.rule == "supplied")
    assert (supplied.count, supplied.first, supplied.demands, supplied.reason) == (2, first.code, True, "CT")
    assert supplied.systems == f"{first.code} and 1 more"
    page = signed_in(officer).get(reverse("soa:workbench", args=[aims.slug]), {"control": "A.10.3"}).content.decode()
    assert f"{first.code} is supplied by Talentgrid: suppliers are to be managed" in page
    assert f"Proposed by {first.code} and 1 more" in page


def test_roles_of_the_organisation_and_of_systems_propose_together(aims: Aims, officer: Actor) -> None:
    assert {one.rule for one in row_of(aims, "A.9.2").proposals} == {"role-provider"}
    assert row_of(aims, "A.9.2").demanded_by == ()
    a_system(officer, in_scope=True, roles_played=["customer"])
    told = {one.rule: one.count for one in row_of(aims, "A.9.2").proposals}
    assert told == {"role-provider": 0, "role-customer": 1}


@pytest.mark.db_both
def test_what_a_fact_makes_necessary_cannot_be_excluded(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, in_scope=True, supplier="Talentgrid")
    words = f"{system.code} is supplied by Talentgrid"
    with pytest.raises(NotDecidable, match=words):
        excluded(officer, "A.10.3")
    with pytest.raises(NotDecidable, match=words):
        in_bulk(["A.10.3"], {"applicability": "excluded"}, actor=officer)
    assert an_entry("A.10.3").applicability == Applicability.UNDECIDED
    excluded(officer, "A.10.4")
    tell(system, officer, supplier="")
    assert excluded(officer, "A.10.3").applicability == Applicability.EXCLUDED


def test_undo_does_not_bring_back_an_exclusion_that_facts_contradict(aims: Aims, officer: Actor) -> None:
    excluded(officer, "A.10.3")
    a_system(officer, in_scope=True, supplier="Talentgrid")
    place = reverse("soa:undo", args=[aims.slug, "A.10.3"])
    included(officer, "A.10.3")
    browser = signed_in(officer)
    browser.post(place, {"seen": an_entry("A.10.3").version})
    assert an_entry("A.10.3").applicability == Applicability.INCLUDED


@pytest.mark.db_both
def test_facts_that_come_later_block_and_reopen(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    system = a_system(officer, in_scope=True)
    excluded(officer, "A.10.3", owner=person_of(owner))
    assert (flagged(aims, "relied_on"), tasks()) == ([], [])
    tell(system, officer, supplier="Talentgrid")
    assert flagged(aims, "relied_on") == ["A.10.3"]
    message = next(flag.message for flag in flags_of(read_sheet(aims)) if flag.check == "relied_on")
    assert message == f"A.10.3 is excluded, but facts of {system.code} make it necessary"
    words = f"Decide A.10.3 again: it is excluded, and {system.code} is supplied by Talentgrid"
    assert tasks() == [("entry:A.10.3", f"{words}: suppliers are to be managed")]
    assert Task.objects.get(kind="exclusion").owner_id == owner.user_id
    amend(an_entry("A.10.3"), {"why": "Still not."}, seen=an_entry("A.10.3").version, actor=officer)
    assert len(tasks()) == 1  # words do not undo a fact
    included(officer, "A.10.3")
    assert (flagged(aims, "relied_on"), tasks()) == ([], [])


def test_a_fact_taken_back_closes_what_it_reopened(aims: Aims, officer: Actor) -> None:
    first, second = (a_system(officer, in_scope=True) for _ in range(2))
    excluded(officer, "A.10.3")
    for system in (first, second):
        tell(system, officer, supplier="Talentgrid")
    tell(first, officer, supplier="")
    assert len(tasks()) == 1  # the other still says so
    bring_in(second, officer, is_in_scope=False)
    assert tasks() == []


def test_scope_reopens_as_facts_do(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, supplier="Talentgrid")
    excluded(officer, "A.10.3")
    tell(system, officer, name="Renamed")
    assert tasks() == []
    bring_in(system, officer)
    assert [subject for subject, _title in tasks()] == ["entry:A.10.3"]
    assert Task.objects.get(kind="exclusion").owner_id == officer.user_id  # the row has no owner: a steward
    assert flagged(aims, "relied_on") == ["A.10.3"]


def test_facts_that_only_propose_ask_for_another_look(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, in_scope=True)
    excluded(officer, "A.6.2.5")
    assert flagged(aims, "facts_changed") == []
    tell(system, officer, record=system.record | {"deployment": {"environment": "production"}})
    assert flagged(aims, "facts_changed") == ["A.6.2.5"]
    assert flagged(aims, "relied_on") == []
    assert [subject for subject, _title in tasks()] == ["entry:A.6.2.5"]
    amend(an_entry("A.6.2.5"), {"why": "Deployed by others."}, seen=an_entry("A.6.2.5").version, actor=officer)
    assert (flagged(aims, "facts_changed"), tasks()) == ([], [])


def apart(officer: Actor, system: AiSystem) -> None:
    decide_for_system(
        an_entry("A.10.3"),
        system,
        applicability=Applicability.EXCLUDED,
        why="Bought by nobody.",
        implementation="",
        seen=0,
        actor=officer,
    )


def test_one_system_is_judged_by_its_own_facts(aims: Aims, officer: Actor) -> None:
    supplied = a_system(officer, in_scope=True, supplier="Talentgrid")
    ours = a_system(officer, in_scope=True)
    included(officer, "A.10.3")
    with pytest.raises(NotDecidableForSystem, match="is supplied by Talentgrid"):
        apart(officer, supplied)
    apart(officer, ours)
    assert flagged(aims, "relied_on") == []
    tell(ours, officer, supplier="Halden")
    flag = next(flag for flag in flags_of(read_sheet(aims)) if flag.check == "relied_on")
    assert (flag.code, flag.field, ours.code in flag.message) == ("A.10.3", "per_system", True)


def test_a_fact_is_something_that_needs_the_control(aims: Aims, officer: Actor) -> None:
    included(officer, "A.10.3")
    assert flagged(aims, "no_driver") == ["A.10.3"]
    a_system(officer, in_scope=True, supplier="Talentgrid")
    assert flagged(aims, "no_driver") == []


def test_silence_on_what_a_control_asks_is_flagged(aims: Aims, officer: Actor) -> None:
    included(officer, "A.7.5")
    excluded(officer, "A.7.6")
    assert flagged(aims, "not_recorded") == []
    a_system(officer, in_scope=True)  # neither its roles nor its facts speak for it
    system = a_system(officer, in_scope=True, roles_played=["producer"])
    a_system(officer, roles_played=["producer"])
    words = [flag.message for flag in flags_of(read_sheet(aims)) if flag.check == "not_recorded"]
    assert words == ["1 of 2 systems in scope say nothing of what A.7.5 asks"]
    tell(system, officer, record=system.record | {"data": {"sources": [{"name": "a", "provenance": "Bought"}]}})
    assert flagged(aims, "not_recorded") == []
    page = signed_in(officer).get(reverse("soa:workbench", args=[aims.slug]), {"control": "A.7.5"}).content.decode()
    assert "Systems in scope that say all of it: 0; part of it: 1; nothing of it: 1." in page


def test_what_contradicts_itself_on_the_eu_ai_act_is_flagged(aims: Aims, officer: Actor) -> None:
    said = {"classification": {"eu_ai_act_tier": "minimal", "eu_ai_act": {"high_risk_basis": "annex-iii"}}}
    system = a_system(officer, in_scope=True, record=said)
    words = [flag.message for flag in flags_of(read_sheet(aims)) if flag.check == "eu_contradiction"]
    assert words == [f"What {system.code} says to the EU AI Act contradicts itself"]
    a_system(officer, in_scope=True, record=said)
    words = [flag.message for flag in flags_of(read_sheet(aims)) if flag.check == "eu_contradiction"]
    assert words == [f"What 2 systems say to the EU AI Act contradicts itself, {system.code} first"]


def test_the_page_of_roles_and_facts_shows_the_state_of_each_control(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, in_scope=True, supplier="Talentgrid", roles_played=["customer"])
    excluded(officer, "A.10.2")
    confirm_area(["A.10.3"], actor=officer)
    answer = signed_in(officer).get(reverse("soa:applies", args=[aims.slug]))
    facts = {ground.words: ground for ground in answer.context["facts"]}
    told = facts[f"{system.code} is supplied by Talentgrid: suppliers are to be managed"]
    assert [(one.code, one.state) for one in told.asked] == [("A.10.2", "Excluded"), ("A.10.3", "Included")]
    roles = {ground.words: ground.note for ground in answer.context["roles"]}
    assert roles["AI customer (user)"] == f"towards {system.code}"
    assert roles["AI provider"] == "by the organisation at large"
    Entry.objects.filter(requirement__code="A.10.3").update(applicability="excluded")
    page = signed_in(officer).get(reverse("soa:applies", args=[aims.slug])).content.decode()
    assert "excluded, against this fact" in page
