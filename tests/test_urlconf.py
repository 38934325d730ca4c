"""The walk over the URLconf: strangers, members of another AIMS and read-only roles, at every named address."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from ledger.models import Record
from tests.make import a_member, an_organisation, signed_in
from tests.routes import ROUTES, Route

NOWHERE = "no-such-organisation"


def walk(patterns: list[Any], space: str = "", *, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the full name of every address, and whether it lies inside an AIMS."""
    for pattern in patterns:
        is_inside = inside or "aims" in getattr(pattern.pattern, "converters", {})
        if isinstance(pattern, URLResolver):
            here = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walk(pattern.url_patterns, here, inside=is_inside)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or f'(no name) {pattern.pattern}'}", is_inside


KNOWN = dict(walk(get_resolver().url_patterns))
INSIDE = sorted(name for name, is_inside in KNOWN.items() if is_inside and name in ROUTES)
PUBLIC = sorted(name for name in KNOWN if name in ROUTES and ROUTES[name].is_public)
CLOSED = sorted(name for name in KNOWN if name in ROUTES and not ROUTES[name].is_public)
VERBS = sorted(name for name in INSIDE if ROUTES[name].posted)


def address(name: str, params: dict[str, Any], slug: str) -> str:
    """The address of a row of the table."""
    return reverse(name, kwargs=params | ({"aims": slug} if KNOWN[name] else {}))


def asked(client: Client, route: Route, place: str) -> list[HttpResponseBase]:
    """Ask in every way that the address answers to."""
    return [client.post(place), *([client.get(place)] if route.gets else [])]


def told(answer: HttpResponseBase) -> bytes:
    """The body, without the token that differs on every page."""
    body: bytes = getattr(answer, "content", b"")
    return re.sub(rb'content="\w{64}"|value="\w{64}"', b"", body)


def test_every_address_is_in_the_table() -> None:
    assert sorted(KNOWN.keys() - ROUTES.keys()) == []


def test_the_walk_sees_addresses_that_nobody_named() -> None:
    strays = [path("a/<slug:aims>/", include([path("stray/", lambda _request: None)]))]
    assert list(walk(strays)) == [("(no name) stray/", True)]
    assert "(no name) stray/" not in ROUTES


@pytest.mark.parametrize("name", CLOSED)
def test_strangers_are_asked_to_sign_in(aims: Aims, officer: Actor, name: str) -> None:
    route = ROUTES[name]
    place = address(name, route.params(officer), aims.slug)
    answers = asked(Client(), route, place) if KNOWN[name] or not route.gets else [Client().get(place)]
    for answer in answers:
        if place.startswith("/api/"):
            assert answer.status_code == 401
        else:
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_answer_without_an_error(db: None, name: str) -> None:
    ask = Client().get if ROUTES[name].gets else Client().post
    assert ask(address(name, ROUTES[name].sample, "")).status_code in (200, 302, 404)


@pytest.mark.parametrize("name", INSIDE)
def test_another_aims_answers_as_if_there_were_none(aims: Aims, officer: Actor, name: str) -> None:
    route = ROUTES[name]
    params = route.params(officer)
    stranger = signed_in(an_organisation()[1])
    records = Record.unscoped.count()
    foreign = asked(stranger, route, address(name, params, aims.slug))
    missing = asked(stranger, route, address(name, params, NOWHERE))
    for theirs, nothing in zip(foreign, missing, strict=True):
        assert theirs.status_code == nothing.status_code == 404
        assert told(theirs) == told(nothing)
        assert aims.organisation.encode() not in told(theirs)
    assert Record.unscoped.count() == records


@pytest.mark.parametrize("name", VERBS)
def test_a_read_only_role_writes_nothing(aims: Aims, officer: Actor, name: str) -> None:
    route = ROUTES[name]
    place = address(name, route.params(officer), aims.slug)
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    records = Record.objects.count()
    assert reader.post(place).status_code in route.posted
    assert Record.objects.count() == records


OPEN_TO_SEATS = {
    "assessments:detail",
    "desk:overview",
    "desk:seat",
    "evidence:detail",
    "evidence:download",
    "reports:download",
    "reports:pack_download",
    "soa:version",
    "trace:checkpoint",
    "trace:proof",
    "trace:raw",
    "trace:token",
}


def test_every_address_is_closed_to_a_seat_that_shares_nothing(aims: Aims, officer: Actor) -> None:
    """Addresses that show one thing answer as if it were not there; all others, and every verb, answer 403.

    A later address falls under this without being told: it is closed until its view says what it shows.
    """
    seat = signed_in(a_member(aims, Role.CERTIFIER, by=officer))
    own = {"desk:overview": 302, "desk:seat": 200}
    wrong = {}
    for name in INSIDE:
        place = address(name, ROUTES[name].params(officer), aims.slug)
        records = Record.objects.count()
        answers = (seat.post(place).status_code, seat.get(place).status_code)
        if answers != (403, own.get(name, 404 if name in OPEN_TO_SEATS else 403)) or Record.objects.count() != records:
            wrong[name] = answers
    assert not wrong
