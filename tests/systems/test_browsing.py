"""The list of systems: its filters, its orders, its counts, and scope said of many at once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Conflict
from accounts.roles import Role
from aims.models import Aims
from systems.actions import edit_system, say_scope_of_many
from systems.browsing import Counts, counts, found
from systems.models import AiSystem
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.systems.make import a_system, person_of


def said(**places: Any) -> dict[str, Any]:
    """A record with what lists are narrowed by."""
    classification = {"purpose": "Helps", "risk_tier": places.get("risk"), "data_sensitivity": places.get("data")}
    return {
        "unit": places.get("unit"),
        "owner": "team",
        "classification": {name: value for name, value in classification.items() if value},
        "deployment": {"environment": places["environment"]} if "environment" in places else {},
        "lifecycle": {"stage": places["claim"]} if "claim" in places else {},
    }


@pytest.fixture
def three(aims: Aims, officer: Actor) -> None:
    """Fill the registry: one complete, one with a claim, one about which nothing is known."""
    whole = said(risk="high", data="pii", unit="Sales", environment="production", claim="inception")
    a_system(officer, name="beta", in_scope=True, record=whole, owner=person_of(officer))
    a_system(officer, name="Alpha", in_scope=False, record=said(risk="severe", claim="production", unit="Legal"))
    a_system(officer, name="gamma")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["beta", "Alpha", "gamma"]),
        ({"sort": "name"}, ["Alpha", "beta", "gamma"]),
        ({"sort": "risk"}, ["Alpha", "beta", "gamma"]),
        ({"sort": "changed"}, ["gamma", "Alpha", "beta"]),
        ({"sort": "nonsense", "stage": "nonsense"}, ["beta", "Alpha", "gamma"]),
        ({"scope": "unsaid"}, ["gamma"]),
        ({"risk": "high"}, ["beta"]),
        ({"risk": "unknown"}, ["gamma"]),
        ({"sensitivity": "pii"}, ["beta"]),
        ({"environment": "unknown"}, ["Alpha", "gamma"]),
        ({"unit": "Legal"}, ["Alpha"]),
        ({"owner": "nobody"}, ["Alpha", "gamma"]),
        ({"owner": "9e9"}, []),
        ({"gaps": "yes"}, ["Alpha", "gamma"]),
        ({"claim": "unsigned"}, ["Alpha"]),
        ({"claim": "unsigned", "unit": "Sales"}, []),
    ],
)
def test_filters_and_orders(three: None, asked: dict[str, str], names: list[str]) -> None:
    assert [row.name for row in found(asked)] == names


def test_what_lacks_a_word_is_counted(three: None) -> None:
    assert counts() == Counts(all=3, unsaid=1, gaps=2, unsigned=1)


def test_the_head_tells_what_lacks_a_word(three: None, aims: Aims, officer: Actor) -> None:
    page = signed_in(officer).get(reverse("systems:list", args=[aims.slug]), {"unit": "Sales"}).content.decode()
    for words in ("3 systems", "1 without a word on scope", "1 system matches", '<option value="Sales" selected>'):
        assert words in page


def test_codes_beyond_two_digits_keep_their_order(aims: Aims, officer: Actor) -> None:
    for number in range(101):
        a_system(officer, name=f"Robot {number}")
    assert [row.code for row in found({})][-2:] == ["SYS-100", "SYS-101"]


@pytest.mark.db_both
def test_the_list_costs_the_same_with_three_and_with_forty(aims: Aims, officer: Actor) -> None:
    browser, place = signed_in(officer), reverse("systems:list", args=[aims.slug])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(place, {"sort": "risk", "q": "o"}).status_code == 200
        assert not [each for each in queries if '"systems_aisystem"."record"' in each["sql"]], "no list needs records"
        assert len(queries) < 15 or connection.vendor == "postgresql", "which is told of the AIMS besides"
        return len(queries)

    for number in range(3):
        a_system(officer, name=f"Robot {number}", record=said(unit=f"Unit {number}"), owner=person_of(officer))
    few = cost()
    for number in range(37):
        a_system(officer, name=f"Robot {number}", record=said(unit=f"Unit {number}"), owner=person_of(officer))
    assert cost() == few


def test_scope_is_said_of_many_with_one_reason(aims: Aims, officer: Actor) -> None:
    systems = [a_system(officer) for _each in range(3)]
    browser, place = signed_in(officer), reverse("systems:scopes", args=[aims.slug])
    page = browser.get(place, {"code": ["SYS-01", "SYS-02", "SYS-99"]}).content.decode()
    assert "Say so for 2 systems" in page
    body = {"listed": ["SYS-01:1", "SYS-02:1"], "is_in_scope": "True", "scope_reason": ""}
    assert browser.post(place, body).status_code == 422
    assert browser.post(place, body | {"scope_reason": "All of us"}).status_code == 302
    assert list(AiSystem.objects.order_by("id").values_list("is_in_scope", flat=True)) == [True, True, None]
    assert [trace_of(each.ref)[-1] for each in systems] == ["system.scope_said"] * 2 + ["system.registered"]
    assert "No systems are chosen" in browser.get(place).content.decode()
    assert browser.post(place, {"is_in_scope": "True", "scope_reason": "x"}).status_code == 422


def test_of_many_all_are_said_or_none(aims: Aims, officer: Actor) -> None:
    first, second = a_system(officer), a_system(officer)
    edit_system(second, purpose="Changed meanwhile", seen=1, actor=officer)
    with pytest.raises(Conflict):
        say_scope_of_many({first.pk: 1, second.pk: 1}, is_in_scope=True, reason="All", actor=officer)
    body = {"listed": ["SYS-01:1", "SYS-02:1"], "is_in_scope": "True", "scope_reason": "All"}
    answer = signed_in(officer).post(reverse("systems:scopes", args=[aims.slug]), body)
    assert answer.status_code == 409
    assert 'name="listed" value="SYS-02:2"' in answer.content.decode()
    assert not AiSystem.objects.filter(is_in_scope=True).exists()


def test_only_stewards_say_scope_of_many_and_of_their_own(aims: Aims, officer: Actor) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        theirs = [a_system(their_officer) for _each in range(3)]
    place = reverse("systems:scopes", args=[aims.slug])
    body = {"listed": [f"{theirs[-1].code}:1"], "is_in_scope": "True", "scope_reason": "All"}
    assert signed_in(officer).post(place, body).status_code == 422
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    assert reader.get(place).status_code == 403
    assert reader.post(place, body).status_code == 403
