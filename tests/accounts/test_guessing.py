"""Guessing passwords: stopped by address and network, told in place, and nothing kept that names anybody."""

from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.cache import cache
from django.test import Client

from tests.make import PASSWORD, a_person

LOGIN = "/accounts/login/"


def guess(times: int, email: str = "ana@example.org", **extra: Any) -> Any:
    """Try wrong passwords, as somebody who waits out the shorter limits of allauth, and return the last answer."""
    client = Client(HTTP_USER_AGENT="Evil/1.0", HTTP_ACCEPT="text/secret", **extra)
    for _try in range(times):
        cache.clear()
        answer = client.post(f"{LOGIN}?next=/a/secret-name/", {"login": email, "password": "wrong secret"})
    return answer


def test_ten_failures_close_the_door_for_half_an_hour(db: None) -> None:
    a_person(email="ana@example.org")
    with time_machine.travel("2026-11-20 10:00Z", tick=False) as clock:
        guess(10)
        cache.clear()
        refused = Client().post(LOGIN, {"login": "Ana@Example.org ", "password": PASSWORD})
        assert refused.status_code == 422
        assert "There were too many tries." in refused.content.decode()
        clock.shift(31 * 60)
        assert Client().post(LOGIN, {"login": "ana@example.org", "password": PASSWORD}).status_code == 302


def test_another_network_is_not_shut_out_by_it(db: None) -> None:
    a_person(email="ana@example.org")
    guess(10)
    cache.clear()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(LOGIN, {"login": "ana@example.org", "password": PASSWORD}).status_code == 302


def test_another_person_is_not_shut_out_by_it(db: None) -> None:
    a_person(email="bo@example.org")
    guess(10)
    cache.clear()
    assert Client().post(LOGIN, {"login": "bo@example.org", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("tries", [1, 9, 10, 11])
def test_the_answer_is_the_same_whether_or_not_the_address_exists(db: None, tries: int) -> None:
    a_person(email="ana@example.org")
    known, unknown = guess(tries), guess(tries, "nobody@example.org")
    words = [part for part in ("do not match", "too many tries") if part in known.content.decode()]
    assert len(words) == 1
    assert words[0] in unknown.content.decode()
    assert known.status_code == unknown.status_code == 422


def test_what_is_kept_names_nobody(db: None, caplog: pytest.LogCaptureFixture) -> None:
    a_person(email="ana@example.org")
    guess(3, REMOTE_ADDR="192.0.2.7")
    row = AccessAttempt.objects.get()
    kept = str({name: value for name, value in vars(row).items() if not name.startswith("_")}) + caplog.text
    for told in ("ana", "192.0.2.7", "wrong secret", "secret-name", "Evil", "text/secret"):
        assert told not in kept
    assert row.failures_since_start == 3
    assert row.ip_address.startswith("fd")
    Client(REMOTE_ADDR="192.0.2.7").post(LOGIN, {"login": "ana@example.org", "password": PASSWORD})
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()
