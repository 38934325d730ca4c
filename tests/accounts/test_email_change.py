"""Another address counts once its link is opened by the person who asked; nobody learns which addresses exist."""

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts import clock
from accounts.models import User
from tests.accounts.make import entered, unconfirmed
from tests.make import a_person

EMAIL = "/accounts/email/"
NEW = "ana.lima@example.org"


@pytest.fixture
def person(db: None) -> User:
    return a_person("Ana Lima", email="ana@example.org")


def link_mailed() -> str:
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    return found[1]


def test_the_link_changes_the_address_and_the_old_one_is_told(person: User) -> None:
    client, other = entered(person), entered(person)
    assert client.post(EMAIL, {"email": NEW.upper()})["Location"] == "/me/"
    person.refresh_from_db()
    assert (person.email, mail.outbox[0].to) == ("ana@example.org", [NEW])
    link = link_mailed()
    assert client.get(link).status_code == 200
    person.refresh_from_db()
    assert person.email == "ana@example.org"
    assert client.post(link)["Location"] == "/me/"
    person.refresh_from_db()
    assert (person.email, mail.outbox[1].to) == (NEW, ["ana@example.org"])
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    assert "no longer works" in client.post(link).content.decode()


def test_a_link_works_for_its_person_for_a_day(person: User) -> None:
    client = entered(person)
    client.post(EMAIL, {"email": NEW})
    link = link_mailed()
    stranger = entered(a_person())
    assert stranger.post(link).status_code == 422
    assert Client().post(link).status_code == 302
    with time_machine.travel(clock.now().timestamp() + 25 * 60 * 60):
        assert entered(person).post(link).status_code == 422
    assert client.post(f"{EMAIL}made-up/").status_code == 422
    person.refresh_from_db()
    assert person.email == "ana@example.org"


def test_an_address_in_use_is_told_by_mail_only(person: User) -> None:
    a_person(email=NEW)
    client = entered(person)
    taken, free = client.post(EMAIL, {"email": NEW}), client.post(EMAIL, {"email": "free@example.org"})
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert "in use already" in str(mail.outbox[0].body)
    assert "accounts/email" not in str(mail.outbox[0].body)


def test_an_address_taken_meanwhile_is_refused(person: User) -> None:
    client = entered(person)
    client.post(EMAIL, {"email": NEW})
    a_person(email=NEW)
    assert client.post(link_mailed()).status_code == 422


def test_the_change_takes_a_confirmation(person: User) -> None:
    answer = unconfirmed(entered(person)).post(EMAIL, {"email": NEW})
    assert answer["Location"].startswith("/accounts/confirm/")
    assert mail.outbox == []


def test_the_same_address_and_nonsense_are_refused(person: User) -> None:
    client = entered(person)
    for given in ("Ana@example.org", "nonsense", ""):
        assert client.post(EMAIL, {"email": given}).status_code == 422
