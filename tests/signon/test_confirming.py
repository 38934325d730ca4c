"""Confirming who one is where a provider opened the session: it is asked, not Assay's own password."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from signon.models import Identity, Provider
from tests.make import signed_in
from tests.routes import ROUTES
from tests.signon.idp import Oidc
from tests.signon.make import asked_of, came_back, linked, round_trip

HOUR_AGO = -3600
BY_FACTOR = {"mfa_reauthenticate_webauthn"}  # only asks for a factor that is there


def grown_old(browser: Client) -> None:
    """Have this session begun 20 minutes ago."""
    session = browser.session
    session["began_at"] -= 1200
    session.save()


def settle(answer: Any, browser: Client, until: str) -> Any:
    """Follow redirects of ours until one leaves for somewhere."""
    while answer.status_code == 302 and until not in answer["Location"]:
        answer = browser.get(answer["Location"])
    return answer


def test_a_provider_that_asked_nobody_lately_is_had_ask_again(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    idp.claims = {"auth_time": int(clock.now().timestamp()) + HOUR_AGO}
    assert round_trip(browser, aims, provider).status_code == 302
    told = {"seen": 0, "is_required": "on"}
    answer = settle(browser.post(reverse("signon:require", args=[aims.slug]), told), browser, idp.issuer)
    assert "prompt=login" in answer["Location"]
    idp.claims = {}
    back = came_back(browser, asked_of(answer["Location"])[1])
    page = browser.get(back["Location"])
    assert b'name="is_required"' in page.content
    assert browser.post(reverse("signon:require", args=[aims.slug]), told)["Location"].endswith("/sign-on/")


def test_a_provider_that_says_nothing_of_when_it_asked_counts_as_not_asked(
    aims: Aims, officer: Actor, provider: Provider, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    round_trip(browser, aims, provider)
    answer = browser.post(reverse("signon:require", args=[aims.slug]), {"seen": 0, "is_required": "on"})
    assert answer["Location"].startswith(reverse("confirm"))


def test_linking_is_confirmed_first(aims: Aims, officer: Actor, provider: Provider) -> None:
    browser = signed_in(officer)
    grown_old(browser)
    answer = browser.get(reverse("signon_start", args=[aims.slug, provider.code]), {"for": "link"})
    assert answer["Location"].startswith(reverse("confirm"))
    assert not Identity.objects.exists()


def test_a_client_secret_is_not_kept_while_one_confirms(aims: Aims, officer: Actor, provider: Provider) -> None:
    browser = signed_in(officer)
    told = {"seen": provider.version, "name": "N", "issuer": provider.issuer, "client_id": "x", "secret": "hush hush"}
    grown_old(browser)
    answer = browser.post(reverse("signon:provider", args=[aims.slug, provider.code]), told)
    assert answer["Location"].startswith(reverse("confirm"))
    assert "hush hush" not in str(dict(browser.session))


def test_a_provider_changes_nothing_of_the_account(
    aims: Aims, officer: Actor, provider: Provider, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    round_trip(browser, aims, provider)
    managing = {name for name in ROUTES if name.startswith(("mfa_", "email_"))}
    for name in managing - {"mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate", *BY_FACTOR}:
        assert browser.get(reverse(name, kwargs=ROUTES[name].sample)).status_code == 403, name
