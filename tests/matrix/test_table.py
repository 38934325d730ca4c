"""The table is whole: every address has a row, and what lies outside any AIMS keeps strangers out as well."""

import pytest
from django.test import Client
from django.urls import include, path, reverse

from tests.matrix.asking import World
from tests.matrix.doors import strange_things
from tests.matrix.reads import reads
from tests.matrix.table import table
from tests.matrix.urls import INSIDE, KNOWN, walk
from tests.matrix.walk import walked
from tests.parameters import GOOD, NAMING, PLAIN
from tests.routes import ROUTES

OUTSIDE = sorted(name for name in ROUTES if name in KNOWN and name not in INSIDE)
PUBLIC = [name for name in OUTSIDE if ROUTES[name].is_public]
CLOSED = [name for name in OUTSIDE if not ROUTES[name].is_public]


def test_every_address_is_in_the_table() -> None:
    assert sorted(KNOWN.keys() - ROUTES.keys()) == []


def test_every_address_that_names_something_makes_it() -> None:
    """Otherwise nothing of theirs would be asked for."""
    silent = [name for name in sorted(INSIDE & ROUTES.keys()) if ROUTES[name].sample and not ROUTES[name].made]
    told = ["soa:export", "systems:asked", "systems:asked_table", "systems:export", "systems:inventory_file"]
    assert silent == told  # the form of a file, controls of the standard


def test_the_walk_sees_addresses_that_nobody_named() -> None:
    strays = [path("a/<slug:aims>/", include([path("stray/", lambda _request: None)]))]
    assert list(walk(strays)) == [("(no name) stray/", True)]
    assert "(no name) stray/" not in ROUTES


def test_a_parameter_is_a_name_or_plain() -> None:
    assert not NAMING.keys() & PLAIN
    assert GOOD.keys() <= PLAIN


def test_the_table_can_be_read() -> None:
    lines = table().splitlines()
    assert len(lines) == len(INSIDE & ROUTES.keys()) + 1
    assert next(line for line in lines if line.startswith("soa:approve ")).split()[1:] == list("----+--")


@pytest.mark.parametrize("name", CLOSED)
def test_strangers_are_asked_to_sign_in(world: World, name: str) -> None:
    route = ROUTES[name]
    place = reverse(
        name, kwargs=dict.fromkeys(route.params(world.ours.author), 1) if name != "token_revoke" else {"pk": 1}
    )
    for client in (Client(), world.clients["disabled"]):
        answer = client.get(place) if route.gets else client.post(place)
        if place.startswith("/api/"):
            assert answer.status_code == 401
        else:
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_answer_without_an_error(world: World, name: str) -> None:
    send = Client().get if ROUTES[name].gets else Client().post
    answer = send(reverse(name, kwargs=ROUTES[name].sample))
    assert answer.status_code in (200, 302, 404)
    assert world.leaks(answer) == []


@pytest.mark.parametrize("name", CLOSED)
def test_ones_own_pages_hold_nothing_of_others(world: World, name: str) -> None:
    walked(world, name, strange_things, reads)
