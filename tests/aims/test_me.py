"""One's own page: profile, memberships and tokens, across AIMS."""

import re
from datetime import timedelta

from django.test import Client

from accounts import clock, tokens
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import Token, User
from accounts.roles import Role
from aims.actions import grant
from aims.models import Aims
from tests.make import A_SEAT, a_member, a_person, an_organisation, signed_in, trace_of

ASKED = {"name": "CI", "kind": "personal", "scopes": ["read"]}


def in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def test_it_lists_each_aims_with_its_roles(aims: Aims, officer: Actor) -> None:
    other, stranger = an_organisation("Elsewhere Ltd")
    with acting_in(other, stranger):
        grant(User.objects.get(pk=officer.user_id), Role.CERTIFIER, valid_until=clock.now() + A_SEAT, actor=stranger)
    page = signed_in(officer).get("/me/").content.decode()
    assert "Elsewhere Ltd" in page
    assert "Administrator, Compliance officer" in page
    assert "Certification-body auditor" in page


def test_the_profile_is_saved_and_refused_in_place(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    refused = client.post("/me/", {"name": "", "time_zone": "UTC"})
    assert refused.status_code == 422
    assert 'id="id_name_error"' in refused.content.decode()
    assert client.post("/me/", {"name": "Ana Lima", "time_zone": "Europe/Lisbon"}).status_code == 302
    person = User.objects.get(pk=officer.user_id)
    assert (person.name, person.single_keys) == ("Ana Lima", False)


def test_a_token_is_shown_once(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    made = client.post("/me/tokens/", ASKED | {"aims": aims.slug, "expires_on": in_days(30)})
    assert made.status_code == 201
    assert "no-store" in made["Cache-Control"]
    raw = re.search(r"assay_[\w-]{43}", made.content.decode())
    assert raw
    token = tokens.find(raw[0])
    assert token is not None
    assert trace_of(token.ref) == ["token.issued"]
    page = client.get("/me/").content.decode()
    assert raw[0] not in page
    assert token.prefix in page
    assert client.post(f"/me/tokens/{token.pk}/revoke/").status_code == 302
    assert tokens.find(raw[0]) is None


def test_a_token_is_refused_in_place(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    for wrong in ({"expires_on": in_days(500)}, {"scopes": []}, {"name": ""}, {"aims": an_organisation()[0].slug}):
        asked = ASKED | {"aims": aims.slug, "expires_on": in_days(30)} | wrong
        answer = client.post("/me/tokens/", asked)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.content.decode()
    assert not Token.objects.exists()


def test_a_role_that_may_not_gets_403(aims: Aims, officer: Actor) -> None:
    client = signed_in(a_member(aims, Role.OWNER, by=officer))
    asked = ASKED | {"kind": "agent", "aims": aims.slug, "expires_on": in_days(30)}
    assert client.post("/me/tokens/", asked).status_code == 403


def test_another_persons_token_is_not_there(aims: Aims, officer: Actor) -> None:
    signed_in(officer).post("/me/tokens/", ASKED | {"aims": aims.slug, "expires_on": in_days(30)})
    token = Token.objects.get()
    other = a_member(aims, Role.ADMINISTRATOR, by=officer)
    assert signed_in(other).post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_somebody_without_an_aims_has_a_page_too(db: None) -> None:
    client = Client()
    client.force_login(a_person())
    page = client.get("/me/").content.decode()
    assert "no role in an organisation" in page
    assert "Issue a token" not in page
