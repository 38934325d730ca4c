"""Typed makers for single sign-on, and a browser that walks to a provider and back."""

import http.client
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from signon.actions import OidcSetup, add_provider, set_up_oidc
from signon.models import Identity, Protocol, Provider
from tests.signon.idp import CLIENT_ID, CLIENT_SECRET, Oidc


def an_oidc(by: Actor, at: Oidc, *domains: str, name: str = "Northwind ID") -> Provider:
    """A provider of the AIMS in context, ready to let people in."""
    row = add_provider(name, protocol=Protocol.OIDC, actor=by)
    setup = OidcSetup(name, at.issuer, CLIENT_ID, CLIENT_SECRET, list(domains))
    return set_up_oidc(row, setup, seen=row.version, actor=by)


def asked_of(url: str) -> tuple[int, str]:
    """Ask a provider as a browser does: the status, and where it sends the browser."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", "")


def start(browser: Client, aims: Aims, provider: Provider, **query: Any) -> str:
    """Leave for the provider; return its address with what was sent along."""
    answer = browser.get(reverse("signon_start", args=[aims.slug, provider.code]), query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def came_back(browser: Client, url: str) -> HttpResponse:
    """Follow an address of ours that the provider sent the browser to."""
    parts = urlsplit(url)
    answer: HttpResponse = browser.get(f"{parts.path}?{parts.query}")
    return answer


def round_trip(browser: Client, aims: Aims, provider: Provider, **query: Any) -> HttpResponse:
    """Go there and come back."""
    return came_back(browser, asked_of(start(browser, aims, provider, **query))[1])


def links() -> int:
    """How many links there are in the AIMS in context."""
    return Identity.objects.filter(unlinked_at__isnull=True).count()


def is_signed_in(browser: Client, aims: Aims) -> bool:
    """Whether the browser may enter."""
    return browser.get(reverse("desk:overview", args=[aims.slug])).status_code == 200


def linked(aims: Aims, by: Actor, provider: Provider, browser: Client) -> None:
    """Link the person of a signed-in browser to whom the provider names now."""
    with acting_in(aims, by):
        before = links()
    answer = round_trip(browser, aims, provider, **{"for": "link"})
    assert answer.status_code == 302, answer.content.decode()
    with acting_in(aims, by):
        assert links() == before + 1
