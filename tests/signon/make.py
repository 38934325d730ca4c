"""Typed makers for single sign-on, and a browser that walks to a provider and back."""

import http.client
import re
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from signon.actions import OidcSetup, SamlSetup, add_provider, set_up_oidc, set_up_saml
from signon.models import Identity, Protocol, Provider
from signon.saml import read_metadata
from tests.signon.idp import CLIENT_ID, CLIENT_SECRET, Oidc
from tests.signon.saml_idp import Saml


def an_oidc(by: Actor, at: Oidc, *domains: str, name: str = "Northwind ID") -> Provider:
    """A provider of the AIMS in context, ready to let people in."""
    row = add_provider(name, protocol=Protocol.OIDC, actor=by)
    setup = OidcSetup(name, at.issuer, CLIENT_ID, CLIENT_SECRET, list(domains))
    return set_up_oidc(row, setup, seen=row.version, actor=by)


def a_saml(by: Actor, at: Saml, *domains: str, vouches: bool = False, name: str = "Northwind SAML") -> Provider:
    """A SAML provider of the AIMS in context, set up from its metadata."""
    row = add_provider(name, protocol=Protocol.SAML, actor=by)
    told = read_metadata(at.metadata())
    setup = SamlSetup(name, told.issuer, told.sso_url, list(told.certificates), list(domains), vouches=vouches)
    return set_up_saml(row, setup, seen=row.version, actor=by)


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


def form_of(url: str) -> tuple[str, dict[str, str]]:
    """Ask a SAML provider; return where its page posts itself, and the fields."""
    with urlopen(url, timeout=10) as answer:  # noqa: S310  (a test's own server)
        page = answer.read().decode()
    action = re.findall(r'action="([^"]+)"', page)[0]
    return action, dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))


def posted(action: str, fields: dict[str, str]) -> HttpResponse:
    """Post the provider's page as a browser does from another site: without our cookie."""
    answer: HttpResponse = Client(enforce_csrf_checks=True).post(urlsplit(action).path, fields)
    return answer


def saml_trip(browser: Client, aims: Aims, provider: Provider, **query: Any) -> HttpResponse:
    """Go to a SAML provider and come back; the answer of ours that ends the trip."""
    answer = posted(*form_of(start(browser, aims, provider, **query)))
    return came_back(browser, answer["Location"]) if answer.status_code == 303 else answer


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
    trip = round_trip if provider.is_oidc else saml_trip
    answer = trip(browser, aims, provider, **{"for": "link"})
    assert answer.status_code == 302, answer.content.decode()
    with acting_in(aims, by):
        assert links() == before + 1
