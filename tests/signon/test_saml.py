"""There and back again by SAML, against a provider that answers over HTTP and sometimes lies."""

import base64
import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.models import Aims
from ledger.models import Record
from signon.models import How, Identity, Provider
from tests.make import a_member, signed_in
from tests.signon.make import a_saml, came_back, form_of, is_signed_in, linked, links, posted, saml_trip, start
from tests.signon.saml_idp import CONTEXT, NS, STATUS, Saml, Xml, signed


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_linked_person_comes_in_and_records_say_how(
    aims: Aims, officer: Actor, saml_provider: Provider, browser: Client
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    answer = saml_trip(browser, aims, saml_provider, next="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_signed_in(browser, aims)
    browser.post(reverse("aims:scope", args=[aims.slug]), {"seen": 0, "text": "All", "effective_on": "2026-01-05"})
    body = bytes(Record.objects.get(event="scope.stated").body).decode()
    assert f'"auth_method":"saml acr={CONTEXT}"' in body


def wrapped_beside(response: Xml) -> Xml:
    """Signature wrapping: an assertion of one's own first, the signed one kept beside it."""
    forged = _forged(response)
    response.insert(list(response).index(response.find("saml:Assertion", NS)), forged)
    return response


def wrapped_inside(response: Xml) -> Xml:
    """Signature wrapping: the signed assertion moved into an extension, one's own in its place."""
    real = response.find("saml:Assertion", NS)
    forged = _forged(response)
    response.replace(real, forged)
    extensions = etree.SubElement(response, f"{{{NS['samlp']}}}Extensions")
    response.insert(1, extensions)
    extensions.append(real)
    return response


def wrapped_in_signature(response: Xml) -> Xml:
    """Signature wrapping: one's own assertion carries the signature, which carries the real one as an object."""
    real = response.find("saml:Assertion", NS)
    forged = _forged(response)
    signature = copy.deepcopy(real.find("ds:Signature", NS))
    response.replace(real, forged)
    bare = copy.deepcopy(real)
    bare.remove(bare.find("ds:Signature", NS))
    etree.SubElement(signature, f"{{{NS['ds']}}}Object").append(bare)
    forged.insert(1, signature)
    return response


def same_id(response: Xml) -> Xml:
    """Two assertions of one id: which of them was signed?"""
    forged = _forged(response)
    forged.set("ID", response.find("saml:Assertion", NS).get("ID"))
    response.append(forged)
    return response


def _forged(response: Xml) -> Xml:
    forged = copy.deepcopy(response.find("saml:Assertion", NS))
    forged.remove(forged.find("ds:Signature", NS))
    forged.set("ID", "_forged")
    forged.find(".//saml:NameID", NS).text = "s-1"
    return forged


def altered(path: str, text: str) -> Callable[[Xml], Xml]:
    def alter(response: Xml) -> Xml:
        response.find(path, NS).text = text
        return response

    return alter


def unsigned(response: Xml) -> Xml:
    for signature in response.findall(".//ds:Signature", NS):
        signature.getparent().remove(signature)
    return response


def encrypted(response: Xml) -> Xml:
    hidden = etree.SubElement(response, f"{{{NS['saml']}}}EncryptedAssertion")
    hidden.append(response.find("saml:Assertion", NS))
    return response


AGO = timedelta(minutes=20)
NOW = datetime.now(UTC)
ELSEWHERE = "https://elsewhere.example/acs/"
LIES: dict[str, dict[str, Any]] = {
    "audience": {"says": {"audience": ELSEWHERE}},
    "no audience": {"says": {"audience": ""}},
    "destination": {"says": {"destination": ELSEWHERE}},
    "recipient": {"says": {"recipient": ELSEWHERE}},
    "no recipient": {"says": {"recipient": ""}},
    "another request": {"says": {"in_response_to": "_another", "confirmed_for": "_another"}},
    "unsolicited": {"says": {"in_response_to": "", "confirmed_for": ""}},
    "half unsolicited": {"says": {"in_response_to": ""}},
    "confirmed for another": {"says": {"confirmed_for": "_another"}},
    "confirmed for none": {"says": {"confirmed_for": ""}},
    "expired": {"says": {"ends": NOW - AGO}},
    "never ends": {"says": {"ends": ""}},
    "not yet": {"says": {"begins": NOW + timedelta(hours=2)}},
    "issuer": {"says": {"issuer": "https://elsewhere.example/meta"}},
    "failed": {"says": {"status": f"{STATUS}Responder"}},
    "transient": {"says": {"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}},
    "another key": {"sign": lambda assertion: signed(assertion, key=2)},
    "weak": {"sign": lambda assertion: signed(assertion, weak=True)},
    "unsigned": {"after": unsigned},
    "tampered": {"name_id": "s-2", "after": altered(".//saml:NameID", "s-1")},
    "tampered signature": {"after": altered(".//ds:SignatureValue", "QUFB" * 86)},
    "wrapped beside": {"name_id": "s-2", "after": wrapped_beside},
    "wrapped inside": {"name_id": "s-2", "after": wrapped_inside},
    "wrapped in the signature": {"name_id": "s-2", "after": wrapped_in_signature},
    "same id": {"name_id": "s-2", "after": same_id},
    "response signed, assertion not": {"sign": lambda assertion: assertion, "after": signed},
    "encrypted": {"after": encrypted},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_not_right_lets_nobody_in(
    aims: Aims, officer: Actor, saml_provider: Provider, saml_idp: Saml, browser: Client, lie: str
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    for name, value in LIES[lie].items():
        setattr(saml_idp, name, value)
    answer = saml_trip(browser, aims, saml_provider)
    assert answer.status_code == 403, lie
    assert "is not valid" in words(answer) or "provider" in words(answer)
    assert not is_signed_in(browser, aims)
    assert Identity.objects.get().last_used_at is None


def test_a_comment_in_the_name_cuts_nothing_off(
    aims: Aims, officer: Actor, saml_provider: Provider, saml_idp: Saml, browser: Client
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    saml_idp.says = {"name_id": "s-1<!-- -->.evil"}
    assert "Nobody is linked" in words(saml_trip(browser, aims, saml_provider))


@pytest.mark.db_both
def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    aims: Aims, officer: Actor, saml_provider: Provider, browser: Client
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    action, fields = form_of(start(browser, aims, saml_provider))
    kept = posted(action, fields)
    assert "no-store" in kept["Cache-Control"]
    assert posted(action, fields).status_code == 403
    assert came_back(Client(), kept["Location"]).status_code == 403
    assert came_back(browser, kept["Location"]).status_code == 302
    browser.logout()
    assert came_back(browser, kept["Location"]).status_code == 403


def test_a_replay_under_another_request_is_refused(
    aims: Aims, officer: Actor, saml_provider: Provider, browser: Client
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    action, stolen = form_of(start(browser, aims, saml_provider))
    assert posted(action, stolen).status_code == 303
    thief = Client()
    _action, own = form_of(start(thief, aims, saml_provider))
    answer = posted(action, {"SAMLResponse": stolen["SAMLResponse"], "RelayState": own["RelayState"]})
    assert answer.status_code == 403
    assert not is_signed_in(thief, aims)


@pytest.mark.parametrize(
    "answer",
    ["", "no base64!", base64.b64encode(b"<a/>").decode(), base64.b64encode(b"not xml").decode()],
)
def test_what_is_no_answer_is_refused(aims: Aims, saml_provider: Provider, browser: Client, answer: str) -> None:
    action, fields = form_of(start(browser, aims, saml_provider))
    assert posted(action, fields | {"SAMLResponse": answer}).status_code == 403


def test_entities_are_not_expanded(aims: Aims, saml_provider: Provider, browser: Client) -> None:
    action, fields = form_of(start(browser, aims, saml_provider))
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    answer = posted(action, fields | {"SAMLResponse": base64.b64encode(bomb).decode()})
    assert answer.status_code == 403
    assert "root:" not in words(answer)


@pytest.mark.parametrize(
    ("vouches", "domain", "lets_in"),
    [(True, "example.org", True), (False, "example.org", False), (True, "example.com", False)],
)
def test_an_address_links_only_if_the_organisation_says_that_the_provider_vouches(
    aims: Aims, officer: Actor, saml_idp: Saml, browser: Client, vouches: bool, domain: str, lets_in: bool
) -> None:
    ana = User.objects.get(pk=a_member(aims, Role.OWNER, by=officer).user_id)
    provider = a_saml(officer, saml_idp, domain, vouches=vouches)
    saml_idp.attributes = {"email": ana.email}
    assert saml_trip(browser, aims, provider).status_code == (302 if lets_in else 403)
    assert list(Identity.objects.values_list("user", "how")) == ([(ana.pk, How.DOMAIN)] if lets_in else [])


def test_proving_oneself_again_asks_the_provider_to_ask(
    aims: Aims, officer: Actor, saml_provider: Provider, saml_idp: Saml, browser: Client
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    saml_trip(browser, aims, saml_provider)
    assert saml_trip(browser, aims, saml_provider, **{"for": "again", "next": "/me/"})["Location"] == "/me/"
    saml_idp.says = {"asked_at": NOW - AGO}
    assert "did not ask you again" in words(saml_trip(browser, aims, saml_provider, **{"for": "again"}))


def test_our_metadata_names_our_addresses(aims: Aims, saml_provider: Provider, browser: Client) -> None:
    answer = browser.get(reverse("signon_metadata", args=[aims.slug, saml_provider.code]))
    told = etree.fromstring(answer.content)
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    assert told.get("entityID").endswith(f"/sso/{aims.slug}/{saml_provider.code}/metadata/")
    acs = told.find(".//{*}AssertionConsumerService")
    assert acs.get("Location").endswith(f"/sso/{aims.slug}/{saml_provider.code}/acs/")
    assert told.find("{*}SPSSODescriptor").get("WantAssertionsSigned") == "true"


def test_a_link_counts_for_its_provider_only(
    aims: Aims, officer: Actor, saml_provider: Provider, saml_idp: Saml, browser: Client
) -> None:
    linked(aims, officer, saml_provider, signed_in(officer))
    other = a_saml(officer, saml_idp, name="Another with the same issuer")
    assert saml_trip(browser, aims, other).status_code == 403
    assert links() == 1
