"""Signing in by e-mail: errors in place, limits on guessing, nothing about who exists."""

import logging
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.make import PASSWORD, a_person

LOGIN = "/accounts/login/"


def test_the_right_pair_signs_in(db: None) -> None:
    a_person(email="ana@example.org")
    client = Client()
    answer = client.post(f"{LOGIN}?next=/me/", {"login": "ANA@example.org", "password": PASSWORD, "next": "/me/"})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert client.get("/me/").status_code == 200


def test_where_one_wanted_to_go_is_kept(db: None) -> None:
    assert 'name="next" value="/me/"' in Client().get(f"{LOGIN}?next=/me/").content.decode()


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_the_wrong_pair_is_told_at_the_password(db: None, email: str) -> None:
    a_person(email="ana@example.org")
    answer = Client().post(LOGIN, {"login": email, "password": "wrong"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "That email and password do not match." in page
    assert 'aria-describedby="id_password_error"' in page
    assert 'value="wrong"' not in page


def test_guessing_is_limited(db: None) -> None:
    a_person(email="ana@example.org")
    client = Client()
    for _try in range(6):
        client.post(LOGIN, {"login": "ana@example.org", "password": "wrong"})
    answer = client.post(LOGIN, {"login": "ana@example.org", "password": PASSWORD})
    assert answer.status_code in (422, 429)
    assert "too many tries" in answer.content.decode()


def test_logs_name_nobody(db: None, caplog: pytest.LogCaptureFixture) -> None:
    a_person(email="ana@example.org")
    with caplog.at_level(logging.DEBUG):
        Client().post(LOGIN, {"login": "ana@example.org", "password": "wrong secret"})
    assert "ana@" not in caplog.text
    assert "wrong secret" not in caplog.text


def test_an_inactive_person_is_told(db: None) -> None:
    a_person(email="ana@example.org", is_active=False)
    answer = Client().post(LOGIN, {"login": "ana@example.org", "password": PASSWORD}, follow=True)
    assert "not active" in answer.content.decode()


def test_signing_out_asks_first_and_then_does(db: None) -> None:
    client = Client()
    client.force_login(a_person())
    assert "Sign out of Assay" in client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/me/").status_code == 302


def test_nobody_signs_themselves_up(db: None) -> None:
    page = Client().post(
        "/accounts/signup/", {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "by invitation" in page.content.decode()
    assert not User.objects.filter(email="eve@example.org").exists()


def test_the_password_is_changed_with_the_old_one(db: None) -> None:
    person, client = a_person(), Client()
    client.force_login(person)
    new = "another horse battery staple"
    refused = client.post("/accounts/password/change/", {"oldpassword": "no", "password1": new, "password2": new})
    assert refused.status_code == 422
    assert "not your current password" in refused.content.decode()
    done = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done["Location"] == reverse("me")
    person.refresh_from_db()
    assert person.check_password(new)
    assert "Your password is changed." in client.get("/me/").content.decode()


def test_a_forgotten_password_is_reset_by_mail(db: None) -> None:
    person, client = a_person(email="ana@example.org"), Client()
    answer = client.post("/accounts/password/reset/", {"email": "ana@example.org"}, follow=True)
    assert "Look in your mail" in answer.content.decode()
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert link
    page = client.get(link[1], follow=True)
    new = "another horse battery staple"
    assert client.post(page.request["PATH_INFO"], {"password1": new, "password2": "x"}).status_code == 422
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)
    assert "no longer works" in client.get(link[1], follow=True).content.decode()


def test_a_reset_does_not_say_who_exists(db: None) -> None:
    a_person(email="ana@example.org")
    pages = {
        re.sub(
            r'content="\w{64}"',
            "",
            Client().post("/accounts/password/reset/", {"email": email}, follow=True).content.decode(),
        )
        for email in ("ana@example.org", "nobody@example.org")
    }
    assert len(pages) == 1
