"""Whom a provider may let in: never by an unverified address, never into another organisation, never somebody new."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.roles import Role
from aims.actions import invite, revoke
from aims.models import Aims, Invitation, Membership
from jobs.models import Delivery
from signon.actions import unlink, withdraw_provider
from signon.models import How, Identity, Provider
from tests.make import PASSWORD, a_member, an_organisation, signed_in, trace_of
from tests.signon.idp import Oidc
from tests.signon.make import an_oidc, asked_of, came_back, is_signed_in, linked, links, round_trip, start


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def ana(aims: Aims, officer: Actor) -> User:
    """A member with an address at example.org."""
    return User.objects.get(pk=a_member(aims, Role.OWNER, by=officer, name="Ana Lima").user_id)


def says(idp: Oidc, email: str, *, verified: object = True, sub: str = "u-1") -> None:
    idp.person = {"sub": sub, "email": email, "email_verified": verified}


@pytest.mark.db_both
def test_a_verified_address_at_a_trusted_domain_links_a_member_once(
    aims: Aims, officer: Actor, idp: Oidc, ana: User, browser: Client
) -> None:
    provider = an_oidc(officer, idp, "example.org")
    says(idp, ana.email.upper())
    assert round_trip(browser, aims, provider).status_code == 302
    row = Identity.objects.get()
    assert (row.user, row.how, row.subject, row.issuer) == (ana, How.DOMAIN, "u-1", idp.issuer)
    assert trace_of(row.ref) == ["identity.linked"]
    assert is_signed_in(browser, aims)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_unverified_address_links_nobody(
    aims: Aims, officer: Actor, idp: Oidc, ana: User, browser: Client, verified: object
) -> None:
    provider = an_oidc(officer, idp, "example.org")
    says(idp, ana.email, verified=verified)
    answer = round_trip(browser, aims, provider)
    assert answer.status_code == 403
    assert "does not say that it verified your address" in words(answer)
    assert links() == 0
    assert not is_signed_in(browser, aims)


@pytest.mark.parametrize(
    ("domains", "told"),
    [
        ((), "Nobody is linked to this account yet"),
        (("example.com",), "is not trusted for addresses at example.org"),
        (("ample.org",), "is not trusted"),
        (("sub.example.org",), "is not trusted"),
    ],
)
def test_an_address_elsewhere_links_nobody(
    aims: Aims, officer: Actor, idp: Oidc, ana: User, browser: Client, domains: tuple[str, ...], told: str
) -> None:
    provider = an_oidc(officer, idp, *domains)
    says(idp, ana.email)
    assert told in words(round_trip(browser, aims, provider))
    assert links() == 0


def test_somebody_unknown_here_is_not_made(aims: Aims, officer: Actor, idp: Oidc, browser: Client) -> None:
    provider = an_oidc(officer, idp, "example.org")
    people = User.objects.count()
    says(idp, "stranger@example.org")
    assert "is not known in" in words(round_trip(browser, aims, provider))
    assert (links(), User.objects.count()) == (0, people)


def test_a_person_of_another_organisation_is_as_unknown_as_nobody(
    aims: Aims, officer: Actor, idp: Oidc, browser: Client
) -> None:
    theirs, their_officer = an_organisation()
    provider = an_oidc(officer, idp, "example.org")
    says(idp, their_officer.email)
    answer = round_trip(browser, aims, provider)
    assert f"{their_officer.email} is not known in" in words(answer)
    assert links() == 0
    assert not is_signed_in(browser, theirs)


@pytest.mark.db_both
def test_a_session_of_one_organisations_provider_opens_no_other(
    aims: Aims, officer: Actor, provider: Provider, ana: User, browser: Client
) -> None:
    theirs, their_officer = an_organisation()
    with acting_in(theirs, their_officer):
        invite(ana.email, name="", roles=["administrator"], actor=their_officer)
    by_password = Client()
    by_password.force_login(ana)
    linked(aims, officer, provider, by_password)
    assert is_signed_in(by_password, theirs)
    assert round_trip(browser, aims, provider).status_code == 302
    assert is_signed_in(browser, aims)
    answer = browser.get(reverse("desk:overview", args=[theirs.slug]))
    assert answer.status_code == 403
    assert "opens no organisation but its own" in words(answer)
    assert reverse("account_logout") in words(answer)
    api = browser.get(f"/api/v1/a/{theirs.slug}/systems/")
    assert (api.status_code, api["Content-Type"]) == (403, "application/problem+json")
    token = {"name": "x", "aims": theirs.slug, "kind": "personal", "scopes": ["read"], "expires_on": "2099-01-01"}
    assert browser.post(reverse("token_issue"), token).status_code in (403, 422)
    assert not ana.tokens.exists()
    assert browser.get(reverse("start")).status_code == 403
    browser.post(reverse("account_logout"))
    browser.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assert is_signed_in(browser, theirs)


def test_a_sign_in_by_password_over_one_by_a_provider_opens_what_a_password_opens(
    aims: Aims, officer: Actor, provider: Provider, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    round_trip(browser, aims, provider)
    assert browser.session["signed_in"]["method"] == "oidc"
    browser.force_login(User.objects.get(pk=officer.user_id))
    assert "signed_in" not in browser.session


def test_a_session_of_one_provider_links_none_of_another_organisation(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, ana: User, browser: Client
) -> None:
    theirs, their_officer = an_organisation()
    with acting_in(theirs, their_officer):
        invite(ana.email, name="", roles=["owner"], actor=their_officer)
        other = an_oidc(their_officer, idp)
    by_password = Client()
    by_password.force_login(ana)
    linked(aims, officer, provider, by_password)
    round_trip(browser, aims, provider)
    place = reverse("signon_start", args=[theirs.slug, other.code])
    assert browser.get(place, {"for": "link"}).status_code == 404
    assert by_password.get(place, {"for": "link"}).status_code == 302


def test_a_provider_is_found_under_its_own_organisation_only(aims: Aims, provider: Provider, browser: Client) -> None:
    theirs, _officer = an_organisation()
    for name in ("signon_start", "signon_callback", "signon_finish", "signon_metadata"):
        assert browser.get(reverse(name, args=[theirs.slug, provider.code])).status_code == 404
    assert browser.get(reverse("signon_door", args=[theirs.slug])).status_code == 404
    assert browser.get(reverse("signon_door", args=["no-such-place"])).status_code == 404


def test_an_address_that_went_to_somebody_new_does_not_open_the_old_account(
    aims: Aims, officer: Actor, idp: Oidc, ana: User, browser: Client
) -> None:
    provider = an_oidc(officer, idp, "example.org")
    says(idp, ana.email)
    round_trip(browser, aims, provider)
    says(idp, ana.email, sub="u-2")
    newcomer = Client()
    assert "linked to another account" in words(round_trip(newcomer, aims, provider))
    assert not is_signed_in(newcomer, aims)


def test_a_linked_identity_is_never_found_by_its_address(
    aims: Aims, officer: Actor, idp: Oidc, ana: User, browser: Client
) -> None:
    provider = an_oidc(officer, idp, "example.org")
    linked(aims, officer, provider, signed_in(officer))
    says(idp, ana.email)
    round_trip(browser, aims, provider)
    assert browser.session["_auth_user_id"] == str(officer.user_id)


def test_an_identity_is_linked_to_one_person(aims: Aims, officer: Actor, provider: Provider, ana: User) -> None:
    linked(aims, officer, provider, signed_in(officer))
    browser = Client()
    browser.force_login(ana)
    answer = round_trip(browser, aims, provider, **{"for": "link"})
    assert "Somebody else is linked" in words(answer)
    assert links() == 1


def test_a_link_is_made_by_who_began_it(aims: Aims, officer: Actor, provider: Provider, ana: User) -> None:
    browser = signed_in(officer)
    back = asked_of(start(browser, aims, provider, **{"for": "link"}))[1]
    kept = dict(browser.session)
    browser.force_login(ana)
    session = browser.session
    session["signon"] = kept["signon"]
    session.save()
    assert "Somebody else began this" in words(came_back(browser, back))
    assert links() == 0


def secret_mailed_to(email: str) -> str:
    found = re.search(r"/invitation/([^/]+)/", Delivery.objects.filter(to=email).latest("pk").body)
    assert found
    return found[1]


@pytest.mark.db_both
def test_an_invitation_is_accepted_with_the_provider(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    invite("bo@elsewhere.example", name="", roles=["reviewer"], actor=officer)
    browser.get(reverse("invitation", args=[secret_mailed_to("bo@elsewhere.example")]))
    page = words(browser.get(reverse("accept_invitation")))
    assert f"{reverse('signon_start', args=[aims.slug, provider.code])}?for=join" in page
    idp.person = {"sub": "u-9", "name": "Bo Falk"}
    assert round_trip(browser, aims, provider, **{"for": "join"}).status_code == 302
    user = User.objects.get(email="bo@elsewhere.example")
    assert (user.name, user.has_usable_password()) == ("Bo Falk", False)
    assert Identity.objects.get().how == How.INVITATION
    assert trace_of(Invitation.objects.get().ref) == ["person.invited", "person.joined"]
    assert is_signed_in(browser, aims)
    assert browser.get(reverse("me")).status_code == 200
    assert browser.get(reverse("account_change_password")).status_code == 302


def test_an_invitation_is_worth_nothing_elsewhere_or_when_it_is_old(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    theirs, their_officer = an_organisation()
    with acting_in(theirs, their_officer):
        other = an_oidc(their_officer, idp)
    invite("bo@elsewhere.example", name="", roles=["reviewer"], actor=officer)
    browser.get(reverse("invitation", args=[secret_mailed_to("bo@elsewhere.example")]))
    assert "no longer works" in words(round_trip(browser, theirs, other, **{"for": "join"}))
    Invitation.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    assert "no longer works" in words(round_trip(browser, aims, provider, **{"for": "join"}))
    assert links() == 0


def test_who_is_disabled_or_holds_no_role_stays_outside(
    aims: Aims, officer: Actor, provider: Provider, ana: User, browser: Client
) -> None:
    by_password = Client()
    by_password.force_login(ana)
    linked(aims, officer, provider, by_password)
    round_trip(browser, aims, provider)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert not is_signed_in(browser, aims)
    assert round_trip(Client(), aims, provider).status_code == 403
    User.objects.filter(pk=ana.pk).update(is_active=True)
    role = Membership.objects.get(user=ana)
    revoke(role, reason="left", seen=role.version, actor=officer)
    assert "You hold no role" in words(round_trip(Client(), aims, provider))


@pytest.mark.parametrize("how", ["withdrawn", "cut"])
def test_a_session_ends_with_its_provider_and_with_its_link(
    aims: Aims, officer: Actor, provider: Provider, browser: Client, how: str
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    back = asked_of(start(browser, aims, provider))[1]
    came_back(browser, back)
    under_way = asked_of(start(Client(), aims, provider))[1]
    assert is_signed_in(browser, aims)
    if how == "withdrawn":
        withdraw_provider(provider, reason="replaced", seen=provider.version, actor=officer)
        assert came_back(Client(), under_way).status_code == 404
    else:
        unlink(Identity.objects.get(), actor=officer)
    answer = browser.get(reverse("me"))
    assert answer["Location"].startswith(reverse("account_login"))
    assert "is withdrawn" in words(browser.get(answer["Location"]))


def test_proving_oneself_again_asks_the_provider_to_ask(
    aims: Aims, officer: Actor, provider: Provider, idp: Oidc, browser: Client
) -> None:
    linked(aims, officer, provider, signed_in(officer))
    round_trip(browser, aims, provider)
    again = {"for": "again", "next": "/me/"}
    assert round_trip(browser, aims, provider, **again)["Location"] == "/me/"
    assert (idp.asked[-1]["prompt"], idp.asked[-1]["max_age"]) == ("login", "0")
    assert browser.session["account_authentication_methods"][-1]["at"] > clock.now().timestamp() - 60
    idp.claims = {"auth_time": int(clock.now().timestamp()) - 3600}
    assert "did not ask you again" in words(round_trip(browser, aims, provider, **again))
    idp.claims = {"auth_time": None}
    assert "did not ask you again" in words(round_trip(browser, aims, provider, **again))
    idp.claims, idp.person = {}, {"sub": "u-2"}
    assert "not the account that you are signed in by" in words(round_trip(browser, aims, provider, **again))
