"""There and back again by OpenID Connect, against a provider that answers over HTTP and sometimes lies."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from ledger.models import Record
from signon.models import Identity, Provider
from tests.make import signed_in
from tests.signon.idp import CLIENT_ID, Oidc, a_key
from tests.signon.make import an_oidc, asked_of, came_back, is_signed_in, linked, links, round_trip, start


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.db_both
def test_a_linked_person_comes_in_and_records_say_how(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    idp.claims = {"amr": ["pwd", "mfa"], "acr": "urn:high"}
    answer = round_trip(browser, aims, provider, next="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_signed_in(browser, aims)
    browser.post(reverse("aims:scope", args=[aims.slug]), {"seen": 0, "text": "All", "effective_on": "2026-01-05"})
    body = bytes(Record.objects.get(event="scope.stated").body).decode()
    assert '"auth_method":"oidc amr=pwd,mfa acr=urn:high"' in body
    assert Identity.objects.get().last_used_at is not None


def test_state_nonce_and_pkce_are_sent_and_differ_each_time(aims: Aims, provider: Provider, browser: Client) -> None:
    trips = [parse_qs(urlsplit(start(browser, aims, provider)).query) for _trip in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({trip[name][0] for trip in trips}) == 2
        assert all(len(trip[name][0]) >= 43 for trip in trips)
    assert {trip["code_challenge_method"][0] for trip in trips} == {"S256"}
    assert "prompt" not in trips[0]


LIES: dict[str, dict[str, Any]] = {
    "nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "audience": {"claims": {"aud": "another-application"}},
    "no audience": {"claims": {"aud": None}},
    "two audiences": {"claims": {"aud": [CLIENT_ID, "another"]}},
    "azp": {"claims": {"azp": "another"}},
    "issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "expired": {"claims": {"exp": int(time.time()) - 120}},
    "no end": {"claims": {"exp": None}},
    "from the future": {"claims": {"iat": int(time.time()) + 600}},
    "not yet": {"claims": {"nbf": int(time.time()) + 600}},
    "nobody": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "another key": {"signs_with": a_key(2)},
    "no signature": {"signs_with": "", "algorithm": "none"},
    "key as a password": {"signs_with": "x" * 32, "algorithm": "HS256"},
    "tampered": {"tamper": lambda token: token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB")},
    "other body": {
        "tamper": lambda token: ".".join(
            [token.split(".")[0], jwt.encode({"sub": "u-2"}, "k" * 32).split(".")[1], token.split(".")[2]]
        )
    },
    "no token": {"tamper": lambda _token: ""},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_not_right_lets_nobody_in(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client, lie: str
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    for name, value in LIES[lie].items():
        setattr(idp, name, value)
    answer = round_trip(browser, aims, provider)
    assert answer.status_code == 403, lie
    assert not is_signed_in(browser, aims)
    assert Identity.objects.get().last_used_at is None


@pytest.mark.parametrize(
    "document", [{"issuer": "https://elsewhere.example"}, {"jwks_uri": None}, {"token_endpoint": "ftp://x/"}]
)
def test_a_discovery_document_that_is_not_right_leads_nowhere(
    aims: Aims, provider: Provider, idp: Oidc, browser: Client, document: dict[str, Any]
) -> None:
    idp.discovery = document
    assert browser.get(reverse("signon_start", args=[aims.slug, provider.code])).status_code == 403


@pytest.mark.db_both
def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    aims: Aims, officer: Actor, provider: Provider, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    back = asked_of(start(browser, aims, provider))[1]
    slipped_in = came_back(Client(), back)
    assert slipped_in.status_code == 403
    assert "not begun in this browser" in words(slipped_in)
    assert came_back(browser, back).status_code == 302
    browser.logout()
    assert came_back(browser, back).status_code == 403
    assert not is_signed_in(browser, aims)


def test_a_wrong_state_and_an_old_one_are_refused(
    aims: Aims, officer: Actor, provider: Provider, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    back = asked_of(start(browser, aims, provider))[1]
    assert came_back(browser, back.replace("state=", "state=x")).status_code == 403
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        assert "too old" in words(came_back(browser, back))


def test_a_providers_refusal_is_told(aims: Aims, provider: Provider, browser: Client) -> None:
    state = parse_qs(urlsplit(start(browser, aims, provider)).query)["state"][0]
    answer = browser.get(
        reverse("signon_callback", args=[aims.slug, provider.code]), {"state": state, "error": "access_denied"}
    )
    assert answer.status_code == 403
    assert "access_denied" in words(answer)


def test_an_answer_for_one_provider_is_none_for_another(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    other = an_oidc(officer, idp, name="Other")
    linked(aims, officer, provider, signed_in(officer))
    back = asked_of(start(browser, aims, provider))[1].replace(provider.code, other.code)
    assert came_back(browser, back).status_code == 403


def test_another_provider_that_answers_is_noticed_by_its_name(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    back = asked_of(start(browser, aims, provider))[1]
    assert came_back(browser, f"{back}&iss=https%3A%2F%2Felsewhere.example").status_code == 403
    idp.discovery = {"authorization_response_iss_parameter_supported": True}
    assert round_trip(browser, aims, provider).status_code == 403


def test_what_the_token_leaves_out_is_asked_of_userinfo(aims: Aims, officer: Actor, idp: Oidc, browser: Client) -> None:
    provider = an_oidc(officer, idp, "example.org")
    me = User.objects.get(pk=officer.user_id)
    idp.userinfo = {"sub": "u-2", "email": me.email, "email_verified": True}
    assert "two people" in words(round_trip(browser, aims, provider))
    assert links() == 0
    idp.userinfo["sub"] = "u-1"
    assert round_trip(browser, aims, provider).status_code == 302
    assert Identity.objects.get().user_id == officer.user_id


def test_nobodys_internal_network_is_asked(
    aims: Aims, provider: Provider, browser: Client, settings: Any, idp: Oidc
) -> None:
    settings.SSO_ALLOW_PRIVATE = False
    place = reverse("signon_start", args=[aims.slug, provider.code])
    assert "begins with https" in words(browser.get(place))
    Provider.objects.filter(pk=provider.pk).update(issuer=idp.issuer.replace("http:", "https:"))
    assert "private network" in words(browser.get(place))


def test_going_is_limited(aims: Aims, provider: Provider, browser: Client) -> None:
    place = reverse("signon_start", args=[aims.slug, provider.code])
    assert [browser.get(place).status_code for _time in range(31)].count(302) == 30
