"""Sessions end: after eight hours, after half an hour without use, when roles change, when a person is shut out."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.models import CacheEntry, User
from accounts.roles import Role
from accounts.sessions import POLL, device
from aims.actions import grant, revoke
from aims.models import Aims, Membership
from jobs.registry import schedules
from tests.accounts.make import entered
from tests.aims.test_tokens import a_token
from tests.make import PASSWORD, a_member, a_person, signed_in

START = "2026-11-20 08:00Z"
ME = "/me/"


def is_in(client: Client, **headers: str) -> bool:
    return client.get(ME, headers=headers).status_code == 200


@pytest.mark.parametrize(("minutes", "stays"), [(29, True), (31, False)])
def test_an_unused_session_ends(db: None, minutes: int, stays: bool) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = entered(a_person())
        now.shift(timedelta(minutes=minutes))
        assert is_in(client) is stays


def test_a_used_session_lasts_eight_hours_and_no_longer(db: None) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = entered(a_person())
        for _step in range(24):
            now.shift(timedelta(minutes=20))
            assert is_in(client)
        now.shift(timedelta(minutes=1))
        answer = client.get(ME, follow=True)
        assert "eight hours at most" in answer.content.decode()


def test_what_a_page_asks_by_itself_keeps_no_session_alive(db: None) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = entered(a_person())
        for _step in range(3):
            now.shift(timedelta(minutes=10))
            assert is_in(client, **{POLL: "1"})
        now.shift(timedelta(minutes=1))
        assert not is_in(client, **{POLL: "1"})


def test_an_ended_session_leaves_nothing_behind(db: None) -> None:
    person = a_person()
    with time_machine.travel(START, tick=False) as now:
        client = entered(person)
        key = client.session.session_key
        now.shift(timedelta(hours=1))
        client.get(ME)
    assert not UserSession.objects.filter(user=person).exists()
    assert client.session.session_key != key


def test_a_post_after_the_end_leads_back_to_its_page(aims: Aims, officer: Actor) -> None:
    page = reverse("aims:obligation_new", args=[aims.slug])
    verb = reverse("soa:open", args=[aims.slug])
    answer = Client().post(verb, headers={"Referer": f"http://testserver{page}?x=1"})
    assert answer["Location"] == f"{reverse('account_login')}?next={page}%3Fx%3D1"
    elsewhere = Client().post(verb, headers={"Referer": "https://evil.example/a/"})
    assert elsewhere["Location"] == f"{reverse('account_login')}?next=/"
    part = Client().post(verb, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"})
    assert part["HX-Redirect"] == f"{reverse('account_login')}?next={page}"


@pytest.mark.parametrize("kind", ["granted", "revoked", "expired"])
def test_a_change_of_roles_ends_the_sessions_under_them(aims: Aims, officer: Actor, kind: str) -> None:
    member = a_member(aims, Role.OWNER, Role.REVIEWER, by=officer)
    user = User.objects.get(pk=member.user_id)
    if kind == "expired":
        Membership.objects.filter(user=user, role=Role.REVIEWER).update(valid_until=clock.now() + timedelta(minutes=5))
    client, page = signed_in(member), reverse("aims:people", args=[aims.slug])
    assert client.get(page).status_code == 200
    if kind == "granted":
        grant(user, Role.AUDITOR, actor=officer)
    if kind == "revoked":
        row = Membership.objects.get(user=user, role=Role.REVIEWER)
        revoke(row, reason="left", seen=row.version, actor=officer)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        answer = client.get(page, follow=True)
        assert f"Your roles in {aims.name} changed" in answer.content.decode()
        assert not is_in(client)
        assert not UserSession.objects.filter(user=user).exists()


def test_who_changes_their_own_roles_goes_on(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    people = reverse("aims:people", args=[aims.slug])
    client.post(reverse("aims:grant", args=[aims.slug]), {"user": officer.user_id, "role": "auditor"})
    assert Membership.objects.filter(user=officer.user_id, role="auditor").exists()
    assert client.get(people).status_code == 200


def test_sessions_are_listed_and_ended(db: None) -> None:
    person = a_person()
    here = entered(person, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    there = entered(person, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0")
    third = entered(person)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox, Linux" in page
    assert "Edge, Windows" in page
    assert page.count("this one") == 1
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert (other.ip, other.user_agent) == ("0.0.0.0", "Edge, Windows")  # noqa: S104  (an address of nobody)
    here.post(f"/accounts/sessions/{other.pk}/end/")
    assert [is_in(one) for one in (here, there, third)] == [True, False, True]
    here.post("/accounts/sessions/end/")
    assert [is_in(one) for one in (here, third)] == [True, False]


def test_nobody_ends_the_sessions_of_another(db: None) -> None:
    theirs, mine = entered(a_person()), entered(a_person())
    row = UserSession.objects.get(session_key=theirs.session.session_key)
    mine.post(f"/accounts/sessions/{row.pk}/end/")
    mine.post("/accounts/sessions/end/")
    assert is_in(theirs)


@pytest.mark.db_both
def test_who_is_shut_out_is_out_at_once(aims: Aims, officer: Actor) -> None:
    user = User.objects.get(pk=officer.user_id)
    client, (_token, raw) = signed_in(officer), a_token(officer)
    door = reverse("api:systems-list", args=[aims.slug])
    bearer = {"Authorization": f"Bearer {raw}"}
    assert (is_in(client), Client().get(door, headers=bearer).status_code) == (True, 200)
    call_command("disable_person", user.email.upper(), stdout=StringIO())
    assert (is_in(client), Client().get(door, headers=bearer).status_code) == (False, 401)
    assert (
        "not active"
        in Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True).content.decode()
    )
    call_command("disable_person", user.email, "--undo", stdout=StringIO())
    assert is_in(entered(user))
    with pytest.raises(CommandError):
        call_command("disable_person", "nobody@example.org")


def test_a_person_disabled_in_the_database_is_out_too(db: None) -> None:
    person = a_person()
    client = entered(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_devices_are_told_in_two_words(agent: str, told: str) -> None:
    assert device(agent) == told


def test_every_day_what_is_over_is_swept_up(db: None) -> None:
    (swept,) = (one for one in schedules() if one.name == "accounts.sweep")
    with time_machine.travel(START, tick=False) as now:
        entered(a_person())
        Client().post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
        CacheEntry.objects.create(cache_key="a", value="", expires=clock.now() + timedelta(minutes=1))
        now.shift(timedelta(hours=5))
        swept.run()
        assert [model.objects.count() for model in (Session, UserSession, AccessAttempt, CacheEntry)] == [1, 1, 1, 0]
        now.shift(timedelta(hours=20))
        swept.run()
        assert [model.objects.count() for model in (Session, UserSession, AccessAttempt)] == [0, 0, 0]
