"""The certificate of an organisation: made on first use, renewed, replaced, and its private key at rest."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.x509 import load_pem_x509_certificate
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.actor import Actor, ActorKind, service
from accounts.context import acting_in
from accounts.refusals import NotAllowed
from accounts.roles import Role
from accounts.sealed import CannotUnseal
from aims.models import Aims
from ledger.models import Record
from reports.actions import renew_identity, replace_identity, signing_identity
from reports.actions.identity import CertificateEnded
from reports.certificates import NotUsable
from reports.models import CertificateKind, SigningIdentity, SigningKey
from reports.signatory import in_force, signatory_of
from tests.jobs.make import at_once
from tests.make import a_member, an_organisation, trace_of
from tests.reports.certify import NOW, PASSWORD, a_pkcs12

RENDERER = service("renderer")


def body_of(record: Record) -> dict[str, Any]:
    """A record as it was hashed."""
    body: dict[str, Any] = json.loads(bytes(record.body))
    return body


def test_the_first_use_makes_one_and_the_second_finds_it(aims: Aims) -> None:
    """With its history, and a record that names its SHA-256."""
    identity = signing_identity(aims, actor=RENDERER)
    assert (identity.ref, identity.kind) == ("certificate:CERT-01", CertificateKind.MADE)
    assert aims.organisation[:20] in identity.subject
    assert signing_identity(aims, actor=RENDERER) == identity
    assert trace_of(identity.ref) == ["certificate.made"]
    told = body_of(Record.objects.get(subject=identity.ref))
    assert told["subject"]["after_hash"] == identity.fingerprint_sha256
    assert identity.history.count() == 1


def test_the_key_fits_and_lies_sealed(aims: Aims) -> None:
    """Nothing of it stands in the database in the clear."""
    signatory = signatory_of(signing_identity(aims, actor=RENDERER))
    key = load_der_private_key(signatory.key, None)
    assert key.public_key() == load_pem_x509_certificate(signatory.chain.encode()).public_key()
    sealed = bytes(SigningKey.objects.get().sealed)
    assert signatory.key not in sealed
    assert signatory.key[40:72] not in sealed
    assert "key=" not in repr(signatory)


def test_another_secret_opens_no_key(aims: Aims, settings: Any) -> None:
    """And one certificate's key does not open for another."""
    identity = signing_identity(aims, actor=RENDERER)
    stolen = SigningIdentity(pk=identity.pk, fingerprint_sha256="0" * 64)
    with pytest.raises(CannotUnseal):
        signatory_of(stolen)
    settings.SIGNING_SECRET = "another secret"
    with pytest.raises(CannotUnseal, match="SIGNING_SECRET"):
        signatory_of(identity)


def test_a_made_one_that_has_ended_is_renewed_by_itself(aims: Aims) -> None:
    """The old one stays on record as replaced, without its key."""
    first = signing_identity(aims, actor=RENDERER)
    with clock.standing_at(first.valid_until - timedelta(seconds=1)):
        assert signing_identity(aims, actor=RENDERER) == first
    with clock.standing_at(first.valid_until):
        second = signing_identity(aims, actor=RENDERER)
    first.refresh_from_db()
    assert second.valid_until > first.valid_until
    assert (first.replaced_at, second.replaced_at) == (first.valid_until, None)
    assert [key.identity for key in SigningKey.objects.all()] == [second]
    assert trace_of(second.ref) == ["certificate.made"]
    assert first.history.count() == 2


def test_the_organisations_own_is_used_at_once(aims: Aims, officer: Actor) -> None:
    """The record names both."""
    made = signing_identity(aims, actor=RENDERER)
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    assert signing_identity(aims, actor=RENDERER) == in_force() == own
    assert (own.kind, own.name, own.code) == (CertificateKind.OWN, "Meridian seal", "CERT-02")
    assert trace_of(own.ref) == ["certificate.replaced"]
    record = Record.objects.get(subject=own.ref)
    before = record.annexes.get(field="before").text
    assert made.fingerprint_sha256 in before
    assert "key" not in json.loads(record.annexes.get(field="after").text)
    assert body_of(record)["subject"]["after_hash"] == own.fingerprint_sha256
    assert own.history.get().history_user_id == officer.user_id


def test_an_own_one_that_has_ended_stops_signing_in_words(aims: Aims, officer: Actor) -> None:
    """Nothing is made in its place."""
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    with clock.standing_at(own.valid_until), pytest.raises(CertificateEnded, match="An administrator puts a new one"):
        signing_identity(aims, actor=RENDERER)
    assert SigningIdentity.objects.get() == own


def test_a_new_one_of_assays_making_takes_its_place(aims: Aims, officer: Actor, settings: Any) -> None:
    """Also when the secret that sealed the old key is lost."""
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    settings.SIGNING_SECRET = "another secret"
    made = renew_identity(aims, actor=officer)
    assert signatory_of(made).fingerprint != own.fingerprint_sha256
    assert made.kind == CertificateKind.MADE
    assert trace_of(made.ref) == ["certificate.replaced"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_replace(aims: Aims, officer: Actor, role: Role) -> None:
    """Before the file is looked at."""
    member = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed, match="administrator"):
        replace_identity(b"", "", actor=member)
    with pytest.raises(NotAllowed, match="administrator"):
        renew_identity(aims, actor=member)
    assert not SigningIdentity.objects.exists()


@pytest.mark.parametrize("kind", [ActorKind.SERVICE, ActorKind.AI])
def test_only_people_replace(aims: Aims, officer: Actor, kind: ActorKind) -> None:
    """Whatever role a machine was given."""
    machine = Actor(kind, None, "a machine", "", "machine", "token", officer.authorities)
    with pytest.raises(NotAllowed):
        replace_identity(a_pkcs12(), PASSWORD, actor=machine)


def test_what_is_refused_changes_nothing(aims: Aims, officer: Actor) -> None:
    """The certificate in force stays, and no record is written."""
    made = signing_identity(aims, actor=RENDERER)
    records = Record.objects.count()
    for data, password in ((a_pkcs12(), "wrong"), (a_pkcs12(last=NOW), PASSWORD), (b"nothing", "")):
        with pytest.raises(NotUsable):
            replace_identity(data, password, actor=officer)
    assert in_force() == made
    assert signatory_of(made).fingerprint == made.fingerprint_sha256
    assert Record.objects.count() == records


@pytest.mark.db_both
def test_the_database_keeps_one_in_force(aims: Aims, officer: Actor) -> None:
    """Whatever writes."""
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    SigningIdentity.objects.filter(pk=own.pk).update(code="CERT-09")
    own.pk, own.code = None, "CERT-10"
    with pytest.raises(IntegrityError), transaction.atomic():
        own.save()


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_first_uses_at_once_end_with_one(organisation: tuple[Aims, Actor]) -> None:
    """Each gets the same certificate, with a key that opens."""
    aims, _officer = organisation

    def use() -> str:
        with acting_in(aims, RENDERER):
            return signatory_of(signing_identity(aims, actor=RENDERER)).fingerprint

    found = at_once(use)
    with acting_in(aims, RENDERER):
        identity = SigningIdentity.objects.get()
        assert found == [identity.fingerprint_sha256] * 4
        assert trace_of(identity.ref) == ["certificate.made"]


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_replacing_at_once_leaves_one_in_force(organisation: tuple[Aims, Actor]) -> None:
    """The others are on record as replaced."""
    aims, officer = organisation

    def replace() -> None:
        with acting_in(aims, officer):
            replace_identity(a_pkcs12(), PASSWORD, actor=officer)

    at_once(replace)
    with acting_in(aims, officer):
        assert SigningIdentity.objects.count() == 4
        last = SigningIdentity.objects.get(replaced_at__isnull=True)
        assert SigningKey.objects.get().identity_id == last.pk
        assert signatory_of(last).name == "Meridian seal"


def test_each_organisation_has_its_own(aims: Aims) -> None:
    """Neither sees the other's."""
    mine = signing_identity(aims, actor=RENDERER)
    other, _stranger = an_organisation()
    with acting_in(other, RENDERER):
        assert in_force() is None
        theirs = signing_identity(other, actor=RENDERER)
        assert theirs.fingerprint_sha256 != mine.fingerprint_sha256
        assert theirs.code == mine.code == "CERT-01"
        assert SigningKey.objects.count() == 1


@pytest.mark.db_both
def test_no_text_of_a_certificate_breaks_the_database(aims: Aims, officer: Actor) -> None:
    """Not even a zero byte in its name."""
    own = replace_identity(a_pkcs12(name="Meri\x00dian"), PASSWORD, actor=officer)
    own.refresh_from_db()
    assert own.name == "Meridian"
