"""The registry as of a date: what it listed, what a system was, and what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from controls.needs import read
from systems.actions import edit_system, move_stage, say_scope, stop_relying
from systems.models import Stage
from systems.queries import reliances, systems_in_scope
from tests.make import an_organisation, signed_in
from tests.systems.make import a_reliance, a_system, person_of

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = datetime(2026, 6, 18, 12, tzinfo=UTC)
pytestmark = pytest.mark.db_both


def on(day: float) -> datetime:
    return START + timedelta(days=day)


@pytest.fixture
def registry(db: None) -> tuple[Aims, Actor]:
    """Ranker: registered on day 1, in scope on 2, renamed and relying on 10, out of scope on 20, retired on 30."""
    with clock.standing_at(START):
        aims, officer = an_organisation(time_zone="Europe/London")
    with acting_in(aims, officer):
        with clock.standing_at(on(1)):
            system = a_system(officer, name="Ranker", supplier="Talentgrid", owner=person_of(officer))
        with clock.standing_at(on(2)):
            say_scope(system, is_in_scope=True, reason="Customers meet it", seen=1, actor=officer)
        with clock.standing_at(on(10)):
            edit_system(system, name="Matcher", supplier="Halden", seen=2, actor=officer)
            link = a_reliance(officer, system)
        with clock.standing_at(on(20)):
            say_scope(system, is_in_scope=False, reason="Sold", seen=3, actor=officer)
            stop_relying(link, reason="Over", seen=1, actor=officer)
            a_system(officer, name="Another")
        with clock.standing_at(on(30)):
            move_stage(system, Stage.RETIRED, reason="Gone", seen=4, actor=officer)
    return aims, officer


def page(registry: tuple[Aims, Actor], name: str, day: float, *args: str, **asked: str) -> Any:
    aims, officer = registry
    with clock.standing_at(TODAY):
        place = reverse(f"systems:{name}", args=[aims.slug, *args])
        return signed_in(officer).get(place, {"as_of": on(day).date().isoformat(), **asked})


def test_the_list_as_it_was(registry: tuple[Aims, Actor]) -> None:
    def names(day: float, **asked: str) -> list[str]:
        return [card.name for card in page(registry, "list", day, **asked).context["cards"]]

    assert [names(day) for day in (0, 1, 10, 20)] == [[], ["Ranker"], ["Matcher"], ["Matcher", "Another"]]
    assert [names(day, q="Ranker") for day in (1, 10)] == [["Ranker"], ["Matcher"]], "its id stays what it was"
    assert [names(day, q="halden") for day in (1, 10)] == [[], ["Matcher"]]
    assert [names(day, scope="in") for day in (1, 2, 20)] == [[], ["Ranker"], []]
    assert [names(day, stage="retired") for day in (20, 30)] == [[], ["Matcher"]]


def test_a_system_as_it_was(registry: tuple[Aims, Actor]) -> None:
    first, later, last = (page(registry, "detail", day, "SYS-01").context["system"] for day in (2, 10, 30))
    assert (first.name, first.supplier, first.scope.words, first.reliances) == ("Ranker", "Talentgrid", "In scope", ())
    assert first.scope_said_at == on(2)
    assert (later.name, [link.code for link in later.reliances]) == ("Matcher", ["A.6.2.4"])
    assert (last.stage, last.scope.words, last.reliances) == ("Retired", "Not in scope", ())
    assert [len(each.acts) for each in (first, later, last)] == [2, 4, 7]


def test_nothing_is_offered_and_links_keep_the_day(registry: tuple[Aims, Actor]) -> None:
    aims, _officer = registry
    html = page(registry, "list", 10, q="matcher").content.decode()
    base = reverse("systems:list", args=[aims.slug])
    assert f'href="{base}SYS-01/?q=matcher&amp;as_of={on(10).date()}"' in html
    assert f'<input type="hidden" name="as_of" value="{on(10).date()}">' in html
    assert reverse("systems:section", args=[aims.slug, "SYS-01", "identity"]) not in html
    for verb in ("scope", "stage", "rely"):
        assert reverse(f"systems:{verb}", args=[aims.slug, "SYS-01"]) not in html
    assert reverse("systems:new", args=[aims.slug]) not in html
    assert "No AI systems were registered" in page(registry, "list", 0).content.decode()
    cards = signed_in(registry[1]).get(
        base, {"as_of": on(10).date().isoformat()}, headers={"hx-request": "true", "hx-target": "system-cards"}
    )
    assert f"SYS-01/?as_of={on(10).date()}" in cards.content.decode()
    assert "<html" not in cards.content.decode()


def test_other_rooms_hear_of_it(registry: tuple[Aims, Actor]) -> None:
    aims, officer = registry
    with acting_in(aims, officer):
        assert [[facts.name for facts in systems_in_scope(on(day))] for day in (1, 2, 10, 20)] == [
            *([], ["Ranker"], ["Matcher"], [])
        ]
        found = [read(reliances(on(day))) for day in (9, 10, 20)]
    assert [[(row.code, row.label) for row in rows] for rows in found] == [[], [("SYS-01", "Matcher")], []]


@pytest.mark.parametrize("name", ["list", "detail"])
def test_it_costs_the_same_at_any_length(aims: Aims, officer: Actor, name: str) -> None:
    browser, args = signed_in(officer), [aims.slug] + (["SYS-01"] if name == "detail" else [])
    place = reverse(f"systems:{name}", args=args)

    def cost(client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(place, {"as_of": clock.today(aims.time_zone).isoformat()})
        assert answer.status_code == 200
        return len(queries)

    def grow(size: int) -> None:
        for _each in range(size):
            system = a_system(officer, owner=person_of(officer), in_scope=True)
            a_reliance(officer, system)

    grow(3)
    cost(browser)
    few = cost(browser)
    grow(37)
    assert cost(browser) == few
    with CaptureQueriesContext(connection) as queries:
        browser.get(place)
    assert few <= len(queries)
