"""An organisation's providers and its rule: set by administrators, recorded, and never a way to lock oneself out."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from ledger.models import Annex, Record
from signon import entry
from signon.actions import OidcSetup, SamlSetup, add_provider, set_rule, set_up_oidc, set_up_saml, withdraw_provider
from signon.actions.add_provider import NotProvidable
from signon.models import Protocol, Provider, ProviderSecret, Rule
from signon.secrets import secret_of
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.signon.idp import CLIENT_SECRET, Oidc
from tests.signon.make import a_saml, an_oidc, is_signed_in, linked, round_trip
from tests.signon.saml_idp import Saml, pem


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def place(name: str, aims: Aims, *args: Any) -> str:
    return reverse(f"signon:{name}", args=[aims.slug, *args])


def test_a_provider_is_set_up_from_its_page(aims: Aims, officer: Actor, idp: Oidc) -> None:
    browser = signed_in(officer)
    answer = browser.post(place("new", aims), {"name": "Northwind ID", "protocol": "oidc"})
    row = Provider.objects.get()
    assert answer["Location"] == place("provider", aims, row.code)
    page = words(browser.get(answer["Location"]))
    assert f"/sso/{aims.slug}/{row.code}/callback/" in page
    told = {"seen": 1, "name": "Northwind ID", "issuer": f"{idp.issuer}/.well-known/openid-configuration"}
    told |= {"client_id": "assay", "secret": "hush hush", "domains": "Example.org\n@example.net"}
    assert browser.post(answer["Location"], told).status_code == 302
    row.refresh_from_db()
    assert (row.issuer, row.domains, row.is_ready) == (idp.issuer, ["example.net", "example.org"], True)
    assert trace_of(row.ref) == ["provider.configured", "provider.configured"]
    page = words(browser.get(answer["Location"]))
    assert page.count("An identity provider was added or changed.") == 2
    assert "hush hush" not in page


def test_the_secret_is_sealed_and_stands_in_no_record_or_history(aims: Aims, provider: Provider) -> None:
    sealed = bytes(ProviderSecret.objects.get().sealed)
    assert CLIENT_SECRET.encode() not in sealed
    assert secret_of(provider) == CLIENT_SECRET
    kept = [bytes(row.body) for row in Record.objects.all()] + [row.text.encode() for row in Annex.objects.all()]
    kept += [str(row.__dict__).encode() for row in Provider.history.all()]
    assert kept
    assert not [one for one in kept if CLIENT_SECRET.encode() in one or sealed in one]


def test_a_saml_provider_is_set_up_from_metadata_or_by_hand(aims: Aims, officer: Actor, saml_idp: Saml) -> None:
    browser = signed_in(officer)
    row = add_provider("Northwind", protocol=Protocol.SAML, actor=officer)
    told = {"seen": 1, "name": "Northwind", "metadata": saml_idp.metadata()}
    assert browser.post(place("provider", aims, row.code), told).status_code == 302
    row.refresh_from_db()
    assert (row.issuer, row.sso_url, len(row.certificates)) == (saml_idp.issuer, f"{saml_idp.address}/sso", 1)
    page = words(browser.get(place("provider", aims, row.code)))
    assert "CN=idp.example.org" in page
    assert f"/sso/{aims.slug}/{row.code}/acs/" in page
    by_hand = {"seen": 2, "name": "Northwind", "issuer": row.issuer, "sso_url": row.sso_url}
    by_hand |= {"certificates": pem(1) + pem(2), "vouches": "on"}
    assert browser.post(place("provider", aims, row.code), by_hand).status_code == 302
    row.refresh_from_db()
    assert (len(row.certificates), row.vouches) == (2, True)


BAD = OidcSetup("ID", "https://id.example.org", "assay", "secret")


@pytest.mark.parametrize(
    ("setup", "field"),
    [
        (OidcSetup("", BAD.issuer, "assay", "secret"), "name"),
        (OidcSetup("ID", "id.example.org", "assay", "secret"), "issuer"),
        (OidcSetup("ID", "file:///etc/passwd", "assay", "secret"), "issuer"),
        (OidcSetup("ID", "https://user@id.example.org", "assay", "secret"), "issuer"),
        (OidcSetup("ID", BAD.issuer, " ", "secret"), "client_id"),
        (OidcSetup("ID", BAD.issuer, "assay", ""), "secret"),
        (OidcSetup("ID", BAD.issuer, "assay", "secret", ["gmail.com"]), "domains"),
        (OidcSetup("ID", BAD.issuer, "assay", "secret", ["com"]), "domains"),
        (OidcSetup("ID", BAD.issuer, "assay", "secret", ["exa mple.org"]), "domains"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(aims: Aims, officer: Actor, setup: OidcSetup, field: str) -> None:
    row = add_provider("ID", protocol=Protocol.OIDC, actor=officer)
    with pytest.raises(NotProvidable) as refusal:
        set_up_oidc(row, setup, seen=1, actor=officer)
    assert refusal.value.field == field
    assert not ProviderSecret.objects.exists()


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ("<a/>", "names no entity id"),
        ("no xml", "This is no SAML metadata"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "This is no SAML metadata"),
    ],
)
def test_metadata_that_is_none_is_refused(aims: Aims, officer: Actor, metadata: str, told: str) -> None:
    row = add_provider("Northwind", protocol=Protocol.SAML, actor=officer)
    answer = signed_in(officer).post(
        place("provider", aims, row.code), {"seen": 1, "name": "Northwind", "metadata": metadata}
    )
    assert answer.status_code == 422
    assert told in words(answer)


def test_a_certificate_that_is_none_is_refused(aims: Aims, officer: Actor) -> None:
    row = add_provider("Northwind", protocol=Protocol.SAML, actor=officer)
    for certificates in ([], ["AAAA"], ["no base64!"]):
        with pytest.raises(NotProvidable):
            set_up_saml(row, SamlSetup("N", "urn:x", "https://x.example", certificates), seen=1, actor=officer)


def test_the_issuer_of_linked_people_stays(aims: Aims, officer: Actor, provider: Provider) -> None:
    linked(aims, officer, provider, signed_in(officer))
    setup = OidcSetup("ID", "https://id.example.org", "assay")
    with pytest.raises(NotProvidable, match="Add another provider"):
        set_up_oidc(provider, setup, seen=provider.version, actor=officer)


def test_two_writers_are_held_apart(aims: Aims, officer: Actor, provider: Provider) -> None:
    with pytest.raises(Conflict):
        set_up_oidc(provider, BAD, seen=1, actor=officer)
    told = {"seen": 1, "name": "ID", "issuer": BAD.issuer, "client_id": "assay"}
    assert signed_in(officer).post(place("provider", aims, provider.code), told).status_code == 409


def test_only_administrators_decide(aims: Aims, officer: Actor, provider: Provider) -> None:
    steward = a_member(aims, Role.OFFICER, by=officer)
    with pytest.raises(NotAllowed):
        add_provider("ID", protocol=Protocol.OIDC, actor=steward)
    with pytest.raises(NotAllowed):
        set_rule(is_required=True, seen=0, actor=steward)
    with pytest.raises(NotAllowed):
        withdraw_provider(provider, reason="x", seen=provider.version, actor=steward)
    browser = signed_in(steward)
    assert provider.name in words(browser.get(place("providers", aims)))
    assert browser.get(place("provider", aims, provider.code)).status_code == 403


def test_the_list_costs_the_same_however_long(aims: Aims, officer: Actor, idp: Oidc) -> None:
    browser, counts = signed_in(officer), []
    for more in (2, 8):
        for _one in range(more):
            an_oidc(officer, idp)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(place("providers", aims)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_rule_needs_a_provider_that_was_tried(aims: Aims, officer: Actor, provider: Provider) -> None:
    with pytest.raises(NotProvidable, match="Link your own sign-in first"):
        set_rule(is_required=True, seen=0, actor=officer)
    linked(aims, officer, provider, signed_in(officer))
    set_rule(is_required=True, seen=0, actor=officer)
    with pytest.raises(NotProvidable, match="End the requirement first"):
        withdraw_provider(provider, reason="x", seen=provider.version, actor=officer)
    assert trace_of("sign-in-rule:1") == ["signin.ruled"]


@pytest.mark.db_both
def test_where_it_is_required_a_password_opens_nothing(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    member = signed_in(a_member(aims, Role.OWNER, by=officer))
    idp.person = {"sub": "member"}
    linked(aims, officer, provider, member)
    assert is_signed_in(member, aims)
    answer = signed_in(officer).post(place("require", aims), {"seen": 0, "is_required": "on"})
    assert answer.status_code == 302
    closed = member.get(reverse("soa:workbench", args=[aims.slug]))
    assert closed.status_code == 403
    assert reverse("signon_door", args=[aims.slug]) in words(closed)
    assert member.get(f"/api/v1/a/{aims.slug}/systems/").status_code == 403
    token = {"name": "x", "aims": aims.slug, "kind": "personal", "scopes": ["read"], "expires_on": "2099-01-01"}
    assert member.post(reverse("token_issue"), token).status_code in (403, 422)
    round_trip(browser, aims, provider)
    assert is_signed_in(browser, aims)


def test_an_administrator_breaks_the_glass_on_record_and_with_a_second_factor(
    aims: Aims, officer: Actor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    set_rule(is_required=True, seen=0, actor=officer)
    monkeypatch.setattr(entry.apps, "is_installed", lambda _name: True)
    browser = signed_in(officer)
    answer = browser.get(reverse("desk:overview", args=[aims.slug]))
    assert "only together with a second factor" in words(answer)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa"}]
    session.save()
    for _page in range(2):
        assert is_signed_in(browser, aims)
    assert trace_of("sign-in-rule:1") == ["signin.ruled", "signin.bypassed"]


def test_a_rule_binds_its_own_organisation_only(aims: Aims, officer: Actor, provider: Provider) -> None:
    theirs, their_officer = an_organisation()
    linked(aims, officer, provider, signed_in(officer))
    set_rule(is_required=True, seen=0, actor=officer)
    with acting_in(theirs, their_officer):
        assert not Rule.objects.exists()
    assert is_signed_in(signed_in(their_officer), theirs)


@pytest.mark.parametrize(("email", "status"), [("x@Example.ORG", 302), ("x@example.com", 422), ("nonsense", 422)])
def test_an_address_leads_to_its_organisation(
    aims: Aims, officer: Actor, idp: Oidc, browser: Client, email: str, status: int
) -> None:
    an_oidc(officer, idp, "example.org")
    answer = browser.post(reverse("signon_find"), {"email": email})
    assert answer.status_code == status
    if status == 302:
        assert "Continue with Northwind ID" in words(browser.get(answer["Location"]))


def test_of_several_organisations_one_is_chosen(aims: Aims, officer: Actor, idp: Oidc, browser: Client) -> None:
    theirs, their_officer = an_organisation()
    an_oidc(officer, idp, "example.org")
    with acting_in(theirs, their_officer):
        an_oidc(their_officer, idp, "example.org")
    page = words(browser.post(reverse("signon_find"), {"email": "x@example.org"}))
    assert aims.organisation in page
    assert theirs.organisation in page


def test_ones_own_page_links_and_cuts(aims: Aims, officer: Actor, saml_idp: Saml, provider: Provider) -> None:
    a_saml(officer, saml_idp)
    browser = signed_in(officer)
    linked(aims, officer, provider, browser)
    page = words(browser.get(reverse("me")))
    assert "Northwind ID" in page
    assert "Northwind SAML" in page
    cut = next(part for part in page.split('"') if "/links/" in part)
    stranger = signed_in(an_organisation()[1])
    assert stranger.post(cut).status_code == 404
    other = signed_in(a_member(aims, Role.OWNER, by=officer))
    assert other.post(cut).status_code == 404
    assert browser.post(cut).status_code == 302
    assert Provider.objects.filter(identities__unlinked_at__isnull=True, identities__isnull=False).count() == 0
    assert User.objects.get(pk=officer.user_id).has_usable_password()
