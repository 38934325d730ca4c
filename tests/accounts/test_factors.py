"""Second factors: set up with a fresh confirmation, asked for at the door, sealed at rest, never a code twice."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core import mail
from django.test import Client

from accounts.factors import factors_of
from accounts.models import User
from accounts.refusals import Refusal
from tests.accounts.make import SECRET, an_app, code_now, entered, unconfirmed
from tests.make import PASSWORD, a_person

CODE = "/accounts/code/"
FACTORS = "/accounts/factors/"


@pytest.fixture
def person(db: None) -> User:
    return a_person("Ana Lima", email="ana@example.org")


def test_secrets_are_sealed_where_they_are_kept(person: User, settings: Any) -> None:
    app = an_app(person)
    codes = Authenticator.objects.get(user=person, type="recovery_codes")
    app.refresh_from_db()
    assert SECRET not in str(app.data)
    assert decrypt(app.data["secret"]) == SECRET
    assert all(str(value).startswith("sealed:") for value in (app.data["secret"], codes.data["seed"]))
    settings.SIGNING_SECRET = "another"
    with pytest.raises(Refusal):
        decrypt(app.data["secret"])


def test_a_secret_in_the_clear_is_refused(person: User) -> None:
    with pytest.raises((Refusal, ValueError)):
        decrypt(SECRET)


def test_the_password_alone_no_longer_signs_in(person: User) -> None:
    an_app(person)
    client = Client()
    first = client.post("/accounts/login/?next=/me/", {"login": person.email, "password": PASSWORD, "next": "/me/"})
    assert first["Location"] == CODE
    assert client.get("/me/").status_code == 302
    refused = client.post(CODE, {"code": "000000"})
    assert refused.status_code == 422
    assert "This code is not right" in refused.content.decode()
    assert client.post(CODE, {"code": code_now()})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_code_lets_nobody_in_twice(person: User) -> None:
    an_app(person)
    code = code_now()
    first, second = entered(person), entered(person)
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 422
    assert second.get("/me/").status_code == 302


def test_a_recovery_code_works_once(person: User) -> None:
    an_app(person)
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    assert entered(person).post(CODE, {"code": code}).status_code == 302
    assert entered(person).post(CODE, {"code": code}).status_code == 422
    assert factors_of(person).codes_left == 9


def test_codes_cannot_be_guessed(person: User) -> None:
    an_app(person)
    client = entered(person)
    for _try in range(6):
        client.post(CODE, {"code": "000000"})
    assert "too many tries" in client.post(CODE, {"code": code_now()}).content.decode()


def test_an_app_is_set_up_with_its_first_code(person: User) -> None:
    client = entered(person)
    page = client.get(f"{FACTORS}app/")
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert client.post(f"{FACTORS}app/", {"code": "000000"}).status_code == 422
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    done = client.post(f"{FACTORS}app/", {"code": code_now()})
    assert done["Location"] == f"{FACTORS}codes/"
    codes = client.get(done["Location"]).content.decode()
    assert codes.count("<li><code>") == 10
    assert client.get(f"{FACTORS}codes/download/")["Content-Disposition"].startswith("attachment")
    assert "Set up on" in client.get(FACTORS).content.decode()
    assert "Authenticator app." in client.get("/me/").content.decode()


def test_factors_change_only_after_a_fresh_confirmation(person: User) -> None:
    app = an_app(person)
    client = Client()
    client.force_login(person)
    unconfirmed(client)
    for place in ("app/remove/", "codes/", "codes/new/", "passkeys/add/"):
        assert client.get(FACTORS + place)["Location"].startswith("/accounts/confirm/password/")
    assert Authenticator.objects.filter(pk=app.pk).exists()
    client.post("/accounts/confirm/password/", {"password": PASSWORD})
    assert client.post(f"{FACTORS}app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()


def test_nobody_touches_the_factors_of_another(person: User) -> None:
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Laptop", "credential": {}})
    other = entered(a_person())
    assert other.get(f"{FACTORS}passkeys/{key.pk}/").status_code == 404
    assert other.post(f"{FACTORS}passkeys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_passkeys_are_listed_renamed_removed_and_told_by_mail(person: User) -> None:
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Laptop", "credential": {}})
    client = Client()
    client.force_login(person)
    assert "Laptop" in client.get(FACTORS).content.decode()
    client.post(f"{FACTORS}passkeys/{key.pk}/", {"name": "Old laptop"})
    assert "Remove Old laptop?" in client.get(f"{FACTORS}passkeys/{key.pk}/remove/").content.decode()
    client.post(f"{FACTORS}passkeys/{key.pk}/remove/")
    assert "No passkeys yet." in client.get(FACTORS).content.decode()
    assert [one.subject for one in mail.outbox] == ["Passkey removed"]
    assert "127.0.0.1" not in str(mail.outbox[0].body)


@pytest.mark.parametrize("given", ["{}", "no json", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}'])
def test_a_made_up_passkey_opens_nothing(person: User, given: str) -> None:
    client = Client()
    asked = client.get("/accounts/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]
    answer = client.post("/accounts/passkey/", {"credential": given})
    assert answer["Location"] == "/accounts/login/"
    assert client.get("/me/").status_code == 302


def test_where_a_factor_is_required_nothing_else_opens(person: User, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = entered(person)
    assert client.get("/me/")["Location"] == FACTORS
    assert client.get("/me/", headers={"HX-Request": "true"})["HX-Redirect"] == FACTORS
    assert client.get("/api/v1/docs/").status_code == 403
    assert "A second factor is required here" in client.get(FACTORS).content.decode()
    assert client.get(f"{FACTORS}app/").status_code == 200
    an_app(person)
    assert client.get("/me/").status_code == 200


def test_the_last_required_factor_stays(person: User, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Laptop", "credential": {}})
    client = Client()
    client.force_login(person)
    answer = client.post(f"{FACTORS}passkeys/{key.pk}/remove/", follow=True)
    assert "Set up another one first." in answer.content.decode()
    app = an_app(person)
    client.post(f"{FACTORS}passkeys/{key.pk}/remove/")
    assert "Set up another one first." in client.get(f"{FACTORS}app/remove/").content.decode()
    client.post(f"{FACTORS}app/remove/")
    assert list(Authenticator.objects.filter(user=person, type__in=["totp", "webauthn"])) == [app]
