"""Headers on real answers: a strict policy on pages, downloads that do nothing, cookies that stay where they belong."""

import re
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from evidence.models import File
from reports.actions import signing_identity
from tests.accounts.make import an_app, entered
from tests.evidence.make import an_evidence
from tests.make import a_person, signed_in

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OUTSIDE = (
    *("account_login", "account_reset_password", "account_signup", "me", "mfa_index", "mfa_activate_totp"),
    *("usersessions_list", "email_change", "start", "api:docs", "mfa_add_webauthn"),
)
INSIDE = (
    *("desk:overview", "soa:workbench", "soa:checks", "soa:versions", "systems:list", "assessments:list"),
    *("assessments:risks", "evidence:list", "evidence:upload", "reports:list", "reports:packs"),
    *("reports:certificate", "audits:cycle", "trace:records", "trace:anchors", "aims:settings", "aims:people"),
)


def policy_of(answer: HttpResponseBase) -> dict[str, str]:
    rules = (rule.strip().partition(" ") for rule in answer["Content-Security-Policy"].split(";"))
    return {name: re.sub(r" ?'nonce-[\w/+=-]+'", "", value).strip() for name, _space, value in rules}


def lacking(answer: HttpResponseBase) -> list[str]:
    return [f"{name}: {answer.get(name)}" for name, value in EVERYWHERE.items() if answer.get(name) != value]


def test_every_page_is_sent_with_the_whole_set(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    client.post(reverse("soa:open", args=[aims.slug]))
    places = [*map(reverse, OUTSIDE), *(reverse(name, args=[aims.slug]) for name in INSIDE), "/nothing-here/"]
    for place in places:
        answer = (Client() if "/accounts/login" in place or "/signup" in place else client).get(place)
        assert answer.status_code == (404 if "nothing" in place else 200), place
        assert lacking(answer) == [], place
        assert policy_of(answer) == POLICY, place
        page = answer.content.decode()
        assert not re.search(
            r"\sstyle=|\son[a-z]+=\"|javascript:|https?://(?!127|localhost|testserver|www\.w3)", page
        ), place
        assert all(
            "src=" in tag or 'type="application/json"' in tag or "nonce=" in tag
            for tag in re.findall("<script[^>]*>", page)
        )


@pytest.mark.parametrize("place", ["/api/v1/schema/", "/healthz", "/api/v1/nothing/"])
def test_machines_are_answered_with_them_too(db: None, place: str) -> None:
    answer = Client().get(place)
    assert lacking(answer) == []
    assert policy_of(answer) == POLICY


def test_a_file_is_handed_over_so_that_it_does_nothing(aims: Aims, officer: Actor) -> None:
    evidence = an_evidence(actor=officer)
    file = File.objects.get()
    place = reverse("evidence:download", args=[aims.slug, evidence.code, 1, file.pk])
    answer = signed_in(officer).get(place)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert lacking(answer) == []


@pytest.mark.parametrize(
    "name", ["evidence:export", "trace:export", "soa:export", "reports:certificate_pem", "mfa_download_recovery_codes"]
)
def test_other_downloads_are_attachments(aims: Aims, officer: Actor, name: str) -> None:
    an_app(User.objects.get(pk=officer.user_id))
    more: dict[str, Any] = {
        "soa:export": {"form": "xlsx"},
        "reports:certificate_pem": {"code": signing_identity(aims, actor=officer).code},
    }.get(name, {})
    place = reverse(name, kwargs=more | ({} if name.startswith("mfa") else {"aims": aims.slug}))
    client = signed_in(officer)
    if name == "soa:export":
        client.post(reverse("soa:open", args=[aims.slug]))
    answer = client.get(place)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert lacking(answer) == []


def test_cookies_are_hidden_from_scripts_and_from_other_sites(db: None) -> None:
    client = entered(a_person())
    session, form = (
        client.cookies["sessionid"],
        client.get("/me/").cookies.get("csrftoken") or client.cookies["csrftoken"],
    )
    assert (session["httponly"], session["samesite"], form["samesite"]) == (True, "Lax", "Lax")


def test_under_https_nothing_goes_in_the_clear(db: None, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    client = Client()
    answer = client.get("/accounts/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.cookies["csrftoken"]["secure"]
    person = a_person()
    client.post("/accounts/login/", {"login": person.email, "password": "correct horse battery staple"}, secure=True)
    assert client.cookies["sessionid"]["secure"]
