"""Looking back at the door: which dates are taken, what is refused, and what every page carries along."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor, Authority, service
from accounts.context import acting_in
from accounts.models import User
from accounts.roles import INSIDERS, Role
from aims.models import Aims
from desk.context import OF_ANY_DATE
from tests.make import a_member, an_organisation, signed_in
from tests.systems.make import a_system

FOUNDED = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # the 3rd of March in Auckland and in Berlin
NOW = datetime(2026, 6, 18, 13, 5, tzinfo=UTC)


@pytest.fixture
def berlin(db: None) -> tuple[Aims, Actor]:
    with clock.standing_at(FOUNDED):
        return an_organisation(time_zone="Europe/Berlin")


def page(client: Client, aims: Aims, text: str, name: str = "systems:list", **asked: str) -> Any:
    return client.get(reverse(name, args=[aims.slug]), {"as_of": text, **asked})


def told(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday", "“yesterday” is not a date"),
        ("<script>", "“&lt;script&gt;” is not a date"),
        ("2026-02-30", "is not a date"),
        ("2026-06-19", "19 June 2026 lies in the future"),
        ("9999-12-31", "lies in the future"),
        ("2026-03-02", "lies before this management system began, on 3 March 2026"),
        ("0001-01-01", "lies before"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(berlin: tuple[Aims, Actor], text: str, words: str) -> None:
    aims, officer = berlin
    with clock.standing_at(NOW):
        answer = page(signed_in(officer), aims, text, q="ranker")
    assert answer.status_code == 422
    assert words in told(answer)
    assert f'href="{reverse("systems:list", args=[aims.slug])}?q=ranker">Back to today' in answer.content.decode()


def test_the_day_ends_where_the_organisation_is_whoever_reads(berlin: tuple[Aims, Actor]) -> None:
    aims, officer = berlin
    for hour, name in ((22, "On the 4th"), (23, "On the 5th")):  # an hour later in Berlin
        with clock.standing_at(datetime(2026, 3, 4, hour, 0, tzinfo=UTC)), acting_in(aims, officer):
            a_system(officer, name=name)
    User.objects.filter(pk=officer.user_id).update(time_zone="Pacific/Auckland")
    with clock.standing_at(NOW):
        far = a_member(aims, Role.REVIEWER, by=officer)
    User.objects.filter(pk=far.user_id).update(time_zone="America/Los_Angeles")
    for reader in (officer, far):
        with clock.standing_at(NOW):
            shown = [card.name for card in page(signed_in(reader), aims, "2026-03-04").context["cards"]]
            assert shown == ["On the 4th"]
            assert len(page(signed_in(reader), aims, "2026-03-05").context["cards"]) == 2
            assert page(signed_in(reader), aims, "2026-03-03").context["cards"] == []


def test_a_past_day_says_so_and_leads_back(berlin: tuple[Aims, Actor]) -> None:
    aims, officer = berlin
    with clock.standing_at(NOW):
        answer = page(signed_in(officer), aims, "2026-04-01", q="x")
    assert "As it stood on 1 April 2026, at the end of the day (Europe/Berlin). Read-only. Back to today" in told(
        answer
    )
    assert f'href="{reverse("systems:list", args=[aims.slug])}?q=x">Back to today' in answer.content.decode()
    assert answer.wsgi_request.at == datetime(2026, 4, 1, 21, 59, 59, 999999, UTC)


def test_today_means_now_and_no_date_means_today(berlin: tuple[Aims, Actor]) -> None:
    aims, officer = berlin
    with clock.standing_at(NOW):
        answer = page(signed_in(officer), aims, "2026-06-18")
        assert answer.wsgi_request.at == NOW
        assert "As it stands today, 18 June 2026, 15:05 (Europe/Berlin). Read-only." in told(answer)
        plain = page(signed_in(officer), aims, "")
    assert plain.wsgi_request.at is plain.wsgi_request.as_of is None
    assert "Read-only" not in told(plain)
    assert "Register system" in told(plain)
    assert "Register system" not in told(answer)


def test_the_control_offers_the_days_there_are_and_keeps_what_was_asked(berlin: tuple[Aims, Actor]) -> None:
    aims, officer = berlin
    with clock.standing_at(NOW):
        here = signed_in(officer).get(reverse("systems:list", args=[aims.slug]), {"q": "x y", "page": "2"})
        there = page(signed_in(officer), aims, "2026-04-01")
    html = here.content.decode()
    (form,) = re.findall(r'<form class="as-of".*?</form>', html, re.DOTALL)
    assert 'name="as_of" value="2026-06-18" min="2026-03-03" max="2026-06-18"' in form
    assert '<input type="hidden" name="q" value="x y">' in form
    assert 'name="page"' not in form
    assert "Today" not in form
    (form,) = re.findall(r'<form class="as-of".*?</form>', there.content.decode(), re.DOTALL)
    assert 'value="2026-04-01"' in form
    assert f'href="{reverse("systems:list", args=[aims.slug])}">Today' in form


def test_the_frame_carries_the_date_to_pages_that_show_it(berlin: tuple[Aims, Actor]) -> None:
    aims, officer = berlin
    with clock.standing_at(NOW):
        links = page(signed_in(officer), aims, "2026-04-01").context["frame"]["links"]
    carried = {link.address for link in links if "?as_of=2026-04-01" in link.address}
    assert carried == {f"{reverse(name, args=[aims.slug])}?as_of=2026-04-01" for name in OF_ANY_DATE}
    assert [link.label for link in links if link.is_current] == ["AI systems"]


def test_htmx_is_not_told_twice(aims: Aims, officer: Actor) -> None:
    browser, place = signed_in(officer), reverse("trace:verification", args=[aims.slug])
    today = clock.today(aims.time_zone).isoformat()
    assert browser.get(place, {"as_of": today}, headers={"hx-request": "true"}).status_code == 302
    assert "no past" not in told(browser.get(reverse("trace:records", args=[aims.slug])))


def test_strangers_learn_nothing_from_a_date(aims: Aims, officer: Actor) -> None:
    stranger = signed_in(an_organisation()[1])
    for text in ("2026-04-01", "nonsense", clock.today(aims.time_zone).isoformat()):
        assert page(stranger, aims, text).status_code == 404
        assert stranger.post(f"{reverse('systems:new', args=[aims.slug])}?as_of={text}").status_code == 404
        assert page(Client(), aims, text).status_code == 302


def test_what_did_not_exist_yet_is_told_apart_from_what_never_did(berlin: tuple[Aims, Actor]) -> None:
    aims, officer = berlin
    with clock.standing_at(NOW - timedelta(days=5)), acting_in(aims, officer):
        a_system(officer, name="Ranker")
    browser, place = signed_in(officer), reverse("systems:detail", args=[aims.slug, "SYS-01"])
    with clock.standing_at(NOW):
        early = browser.get(place, {"as_of": "2026-06-12"})
        never = browser.get(reverse("systems:detail", args=[aims.slug, "SYS-99"]), {"as_of": "2026-06-12"})
        assert browser.get(place, {"as_of": "2026-06-13"}).status_code == 200
    assert early.status_code == never.status_code == 404
    assert "What you opened was not there at the end of 12 June 2026" in told(early)
    assert f'href="{place}">Back to today' in early.content.decode()
    assert "Ranker" not in told(early)
    assert "cannot find that page" in told(never)


def test_the_machine_door_tells_the_present(aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Ranker")
    answer = signed_in(officer).get(reverse("api:systems-list", args=[aims.slug]), {"as_of": "2020-01-01"})
    assert answer.status_code == 200
    assert "Ranker" in answer.content.decode()


def test_who_looks_back_holds_only_what_every_member_does() -> None:
    every = tuple(Authority(None, role, "whole AIMS", "assay", None, None) for role in Role)
    person = service("test")
    for is_looking_back in (False, True):
        actor = type(person)(person.kind, 1, "n", "", "p", "password", every, "id", is_looking_back)
        assert actor.holds(*Role)
        for size in range(1, len(Role)):
            for roles in combinations(Role, size):
                is_for_members = set(roles) >= INSIDERS
                assert actor.holds(*roles) == (is_for_members or not is_looking_back)
    assert not type(person)(person.kind, 1, "n", "", "p", "password", (), "id", True).holds(*Role)
