"""The same act on many rows: each with its own record, all of them or none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement
from ledger.models import Record
from soa.actions import add_own_control, amend, confirm_area, in_bulk
from soa.actions.amend import NotAmendable
from soa.actions.bulk import NothingSelected
from soa.actions.decide import NotDecidable
from soa.actions.own import NotAddable
from soa.listing import proposed_codes
from soa.models import Entry
from soa.queries.rows import read_sheet
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.soa.make import a_statement, an_entry, excluded, included
from tests.systems.make import a_reliance, a_system, person_of

THREE = ["A.2.2", "A.2.3", "A.2.4"]


@pytest.fixture(autouse=True)
def _statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def post(browser: Client, aims: Aims, name: str = "bulk", **data: Any) -> str:
    answer = browser.post(reverse(f"soa:{name}", args=[aims.slug]), data, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("data", "name", "value"),
    [
        ({"implementation": "partly"}, "implementation", "partly"),
        ({"add_reason": "BP"}, "reasons", [{"code": "BP", "ref": ""}]),
        ({"applicability": "included"}, "applicability", "included"),
        ({"applicability": "excluded", "add_reason": "NP"}, "reasons", [{"code": "NP", "ref": ""}]),
    ],
)
def test_the_selection_is_changed(aims: Aims, browser: Client, data: dict[str, Any], name: str, value: Any) -> None:
    page = post(browser, aims, control=THREE, **data)
    assert "3 controls changed" in page
    assert [getattr(an_entry(code), name) for code in THREE] == [value] * 3
    assert getattr(an_entry("A.3.2"), name) != value
    assert all(trace_of(f"entry:{code}") for code in THREE)


def test_the_selection_gets_an_owner(aims: Aims, officer: Actor, browser: Client) -> None:
    post(browser, aims, control=THREE, owner=officer.user_id)
    assert {an_entry(code).owner_id for code in THREE} == {officer.user_id}
    assert "Select a valid choice" in post(browser, aims, control=THREE, owner=an_organisation()[1].user_id)


@pytest.mark.db_both
def test_one_refusal_leaves_every_row_as_it_was(aims: Aims, officer: Actor, browser: Client) -> None:
    a_reliance(officer, a_system(officer), "A.2.4")
    before = Record.objects.count()
    with pytest.raises(NotDecidable):
        in_bulk(THREE, {"applicability": "excluded"}, actor=officer)
    page = post(browser, aims, control=THREE, applicability="excluded")
    assert "Nothing was changed. A.2.4 is relied on" in page
    assert {an_entry(code).version for code in THREE} == {1}
    assert Record.objects.count() == before


def test_a_reason_that_fits_not_every_row_is_added_to_none(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.2")
    excluded(officer, "A.2.3")
    with pytest.raises(NotAmendable, match=r"no reason to exclude A\.2\.3"):
        in_bulk(THREE, {"add_reason": "BP"}, actor=officer)
    assert an_entry("A.2.2").reasons == []
    law = [{"code": "BP", "ref": ""}]
    amend(an_entry("A.2.2"), {"reasons": law}, seen=2, actor=officer)
    in_bulk(["A.2.2"], {"add_reason": "BP"}, actor=officer)
    assert (an_entry("A.2.2").reasons, an_entry("A.2.2").version) == (law, 3)


def test_nothing_chosen_is_said(aims: Aims, officer: Actor, browser: Client) -> None:
    assert "Select at least one control" in post(browser, aims, implementation="partly")
    assert "Choose what to set" in post(browser, aims, control=THREE)
    assert "Select a valid choice" in post(browser, aims, control=["A.99.9"], implementation="partly")
    with pytest.raises(NothingSelected):
        in_bulk([], {}, actor=officer)
    assert browser.post(reverse("soa:bulk", args=[aims.slug]), {}).status_code == 302


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_who_may_not_change_many(aims: Aims, officer: Actor, role: Role) -> None:
    actor = a_member(aims, role, by=officer)
    before = Record.objects.count()
    for act in (
        lambda: in_bulk(THREE, {"implementation": "partly"}, actor=actor),
        lambda: confirm_area(THREE, actor=actor),
        lambda: add_own_control("Ours", actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act()
    for name in ("bulk", "area", "own"):
        data = {"control": THREE, "implementation": "partly", "title": "Ours"}
        assert signed_in(actor).post(reverse(f"soa:{name}", args=[aims.slug]), data).status_code == 403
    assert Record.objects.count() == before


@pytest.mark.db_both
def test_roles_and_systems_propose_and_a_person_confirms(aims: Aims, officer: Actor, browser: Client) -> None:
    sheet = read_sheet(aims)
    proposed = proposed_codes(sheet)
    leaning = Requirement.objects.decidable().filter(details__roles_lean__isnull=False)
    assert proposed == {row.code for row in leaning if "provider" in row.details["roles_lean"]}
    page = post(browser, aims, "area", control=THREE)
    assert "3 controls included" in page
    assert {(an_entry(code).applicability, an_entry(code).why) for code in THREE} == {("included", "")}
    assert not proposed_codes(read_sheet(aims)) & set(THREE)
    assert "decided already" in post(browser, aims, "area", control=THREE)
    excluded(officer, "A.3.2")
    post(browser, aims, "area", control=["A.3.2", "A.3.3"])
    assert (an_entry("A.3.2").applicability, an_entry("A.3.3").applicability) == ("excluded", "included")


def test_own_controls_are_rows_like_any_other(aims: Aims, officer: Actor, browser: Client) -> None:
    place = reverse("soa:own", args=[aims.slug])
    assert browser.get(place).status_code == 200
    answer = browser.post(place, {"title": "Model cards", "summary": "Sign each."})
    assert answer["Location"] == reverse("soa:entry", args=[aims.slug, "ORG.1"])
    assert browser.get(answer["Location"]).status_code == 200
    assert browser.post(place, {"title": " "}).status_code == 422
    assert trace_of("requirement:ORG.1") == ["soa.own_control_added"]
    assert Entry.objects.count() == 39
    assert read_sheet(aims).rows[-1].code == "ORG.1"
    page = browser.get(reverse("soa:workbench", args=[aims.slug])).content.decode()
    assert "Model cards" in page
    assert "Own controls" in page


def test_own_codes_are_free_and_well_formed(aims: Aims, officer: Actor) -> None:
    assert add_own_control("First", code="ORG.1", actor=officer).ref_code == "ORG.1"
    assert add_own_control("Second", actor=officer).ref_code == "ORG.2"
    assert add_own_control("Again", code="ORG.1", actor=officer).requirement.title == "First"
    for title, code in ((" ", ""), ("Wrong", "ORG.x"), ("Annex", "A.2.2")):
        with pytest.raises(NotAddable):
            add_own_control(title, code=code, actor=officer)
    in_bulk(["ORG.1"], {"owner": person_of(officer)}, actor=officer)
    assert an_entry("ORG.1").owner_id == officer.user_id
