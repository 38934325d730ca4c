"""The page of the certificate: what members read, what administrators do, what is refused in place."""

import logging
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from cryptography.x509 import load_pem_x509_certificates
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.views.debug import ExceptionReporter

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from evidence.store import keep
from reports.actions import complete_report, replace_identity, signing_identity
from reports.actions.complete import Made
from reports.models import SigningIdentity
from reports.signatory import in_force
from soa.actions import open_statement
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.reports.certify import NOW, PASSWORD, a_certificate, a_key, a_pkcs12, pkcs12
from tests.reports.flow import a_report
from trace.ports import address_of

RENDERER = service("renderer")


def at(aims: Aims, *parts: str) -> str:
    """An address of the page."""
    return "/".join(["", "a", aims.slug, "reports", "certificate", *parts])


def put(client: Client, aims: Aims, data: bytes, password: str = PASSWORD) -> HttpResponse:
    """Send the form."""
    file = BytesIO(data)
    file.name = "seal.p12"
    answer: Any = client.post(at(aims, ""), {"file": file, "password": password})
    return answer  # type: ignore[no-any-return]


def text_of(answer: Any) -> str:
    """The page as text."""
    return answer.content.decode()


def test_before_the_first_report_there_is_none(aims: Aims, officer: Actor) -> None:
    """The page says when one is made, and makes none by being read."""
    page = text_of(signed_in(officer).get(at(aims, "")))
    assert "No certificate has been made yet" in page
    assert "Put certificate in force" in page
    assert "Make a new certificate" not in page
    assert not SigningIdentity.objects.exists()


def test_members_read_what_is_in_force(aims: Aims, officer: Actor) -> None:
    """Subject, serial, dates, SHA-256 in groups, how to check; nothing to replace it with."""
    identity = signing_identity(aims, actor=RENDERER)
    page = text_of(signed_in(a_member(aims, Role.REVIEWER, by=officer)).get(at(aims, "")))
    first = identity.fingerprint_sha256.upper()
    assert f"{first[:4]} {first[4:8]} {first[8:12]}" in page
    assert f"{first[-8:-4]} {first[-4:]}" in page
    assert identity.serial.upper()[:4] in page
    assert identity.subject in page
    assert "Made by Assay" in page
    assert "it vouches for itself" in page
    assert "identity of the signer is unknown" in page
    assert "<form" not in page.partition("<main")[2]


def test_the_certificate_is_handed_out_as_pem(aims: Aims, officer: Actor) -> None:
    """With its chain, to every member; it is public, so no record is written."""
    root_key, key = a_key(), a_key()
    root = a_certificate(root_key, "A known authority")
    own = replace_identity(pkcs12(key, a_certificate(key, by=(root, root_key)), root), PASSWORD, actor=officer)
    client = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    answer = client.get(at(aims, "CERT-01.pem"))
    assert answer["Content-Type"] == "application/x-pem-file"
    assert answer["Content-Disposition"] == f'attachment; filename="{aims.slug}-CERT-01.pem"'
    leaf, above = load_pem_x509_certificates(answer.content)
    assert (leaf.serial_number, above) == (int(own.serial, 16), root)
    assert b"PRIVATE KEY" not in answer.content
    assert trace_of(own.ref) == ["certificate.replaced"]
    assert client.get(at(aims, "CERT-99.pem")).status_code == 404


def test_an_administrator_puts_the_organisations_own_in_force(aims: Aims, officer: Actor) -> None:
    """The page then shows it, its issuer, and the earlier one."""
    made = signing_identity(aims, actor=RENDERER)
    root_key, key = a_key(), a_key()
    root = a_certificate(root_key, "A known authority")
    client = signed_in(officer)
    answer = put(client, aims, pkcs12(key, a_certificate(key, by=(root, root_key)), root))
    assert (answer.status_code, answer["Location"]) == (302, at(aims, ""))
    page = text_of(client.get(at(aims, "")))
    assert "It signs every report from now on." in page
    assert "Meridian seal" in page
    assert "CN=A known authority" in page
    assert "Readers know the signer when they know the issuer" in page
    assert "Earlier certificates" in page
    assert made.fingerprint_sha256[:4].upper() in page
    assert "CERT-01.pem" in page


@pytest.mark.parametrize(
    ("data", "password", "message"),
    [
        (a_pkcs12(), "wrong", "This password does not open the file."),
        (a_pkcs12(last=NOW - timedelta(days=1)), PASSWORD, "expired on"),
        (b"a letter", PASSWORD, "no PKCS #12 file"),
        (b"0" * 65_537, PASSWORD, "larger than 64 KB"),
        (b"0" * 1_000_000, PASSWORD, "larger than 64 KB"),
        (b"", PASSWORD, "The submitted file is empty."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    aims: Aims, officer: Actor, data: bytes, password: str, message: str
) -> None:
    """422, the certificate in force stays, and the password is not sent back."""
    made = signing_identity(aims, actor=RENDERER)
    answer = put(signed_in(officer), aims, data, password)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert 'class="field-error"' in text_of(answer)
    assert f'value="{password}"' not in text_of(answer)
    assert in_force() == made


def test_no_file_is_said_beside_the_field(aims: Aims, officer: Actor) -> None:
    """Nothing was chosen."""
    answer = signed_in(officer).post(at(aims, ""), {"password": PASSWORD})
    assert answer.status_code == 422
    assert "Fill in: File" in text_of(answer)


@pytest.mark.parametrize(
    "place",
    ["reports.actions.replace.put_in_force", "reports.certificates._check_dates", "reports.certificates.load_pkcs12"],
)
def test_the_password_stays_out_of_error_reports(
    aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    """Wherever the work breaks in the middle, with all variables told."""

    def broken(*args: Any, **more: Any) -> None:
        del args, more
        raise RuntimeError("in the middle")

    monkeypatch.setattr(place, broken)
    client = signed_in(officer)
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        assert put(client, aims, a_pkcs12()).status_code == 500
    [told] = [record for record in caplog.records if record.exc_info]
    text = ExceptionReporter(told.request, *told.exc_info).get_traceback_html()  # type: ignore[attr-defined,misc]
    assert "in the middle" in text
    assert "replace_identity" in text
    assert PASSWORD not in text
    assert PASSWORD not in caplog.text


def test_a_new_one_is_made_by_button(aims: Aims, officer: Actor) -> None:
    """It replaces the one in force."""
    made = signing_identity(aims, actor=RENDERER)
    client = signed_in(officer)
    assert client.post(at(aims, "renew", "")).status_code == 302
    now = in_force()
    assert now is not None
    assert now != made
    assert "A new certificate is made and in force." in text_of(client.get(at(aims, "")))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_replace_it(aims: Aims, officer: Actor, role: Role) -> None:
    """Others are offered no form and get 403 by force."""
    made = signing_identity(aims, actor=RENDERER)
    client = signed_in(a_member(aims, role, by=officer))
    assert "Put certificate in force" not in text_of(client.get(at(aims, "")))
    assert put(client, aims, a_pkcs12()).status_code == 403
    assert client.post(at(aims, "renew", "")).status_code == 403
    assert in_force() == made


def test_the_page_warns_of_an_end(aims: Aims, officer: Actor) -> None:
    """An own one that ends soon or has ended; a made one renews itself and warns of nothing."""
    client = signed_in(officer)
    made = signing_identity(aims, actor=RENDERER)
    with clock.standing_at(made.valid_until - timedelta(days=1)):
        assert "It expires" not in text_of(client.get(at(aims, "")))
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    for before, message in ((31, ""), (30, "in 30 days"), (1, "in 1 day."), (0, "No report can be signed until")):
        with clock.standing_at(own.valid_until - timedelta(days=before)):
            client = signed_in(officer)
            page = text_of(client.get(at(aims, "")))
        assert ("It expire" in page) == bool(message)
        assert message in page


def test_the_page_warns_of_a_key_that_does_not_open(aims: Aims, officer: Actor, settings: Any) -> None:
    """Before a report fails of it."""
    signing_identity(aims, actor=RENDERER)
    settings.SIGNING_SECRET = "another secret"
    assert "SIGNING_SECRET is not the one" in text_of(signed_in(officer).get(at(aims, "")))


def test_many_earlier_ones_cost_no_more_than_a_few(aims: Aims, officer: Actor) -> None:
    """The same number of queries with 3 and with 33, in pages of 20."""
    client = signed_in(officer)
    counts = []
    for more in (4, 30):
        for _turn in range(more):
            replace_identity(a_pkcs12(), PASSWORD, actor=officer)
        client.get(at(aims, ""))
        with CaptureQueriesContext(connection) as queries:
            page = text_of(client.get(at(aims, "")))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
    assert "1 to 20 of 33" in page
    assert "21 to 33 of 33" in text_of(client.get(at(aims, "?page=2")))


def test_others_find_nothing(aims: Aims, officer: Actor) -> None:
    """A foreign certificate is a missing one, though both are called CERT-01."""
    mine = signing_identity(aims, actor=RENDERER)
    other, stranger = an_organisation()
    client = signed_in(stranger)
    assert client.get(at(aims, "CERT-01.pem")).status_code == 404
    assert client.get(at(other, "CERT-01.pem")).status_code == 404
    with acting_in(other, stranger):
        signing_identity(other, actor=RENDERER)
    assert client.get(at(other, "CERT-01.pem")).content.decode() != mine.chain
    assert mine.fingerprint_sha256[:4].upper() + " " not in text_of(client.get(at(other, ""))).partition("<main")[2]


def test_the_list_shows_the_seal_of_a_signed_report(aims: Aims, officer: Actor) -> None:
    """Signed, by whom, the start of the SHA-256, and a note when a timestamp is missing."""
    open_statement(actor=officer)
    identity = signing_identity(aims, actor=RENDERER)
    stored = keep(BytesIO(b"%PDF-1.7 test"), 1000)
    given = {"signed_with": identity.pk, "signing_note": "Signed without a timestamp."}
    complete_report(a_report(aims, officer), Made(stored.sha256, 13, 3, "SoA.pdf", **given), actor=officer)
    client = signed_in(officer)
    page = text_of(client.get(f"/a/{aims.slug}/reports/"))
    first = identity.fingerprint_sha256.upper()
    assert f"{first[:4]} {first[4:8]} {first[8:12]} {first[12:16]}</code>" in page
    assert 'g-seal"></use></svg>\n  <div>' in page
    assert '<span class="status">Signed</span>' in page
    assert f"Signed by {identity.name}" in page.replace("&amp;", "&")
    assert "Signed without a timestamp." in page
    assert at(aims, "") in page


def test_the_chain_leads_to_the_page(aims: Aims) -> None:
    """From the reference of a certificate."""
    assert address_of(aims.slug, "certificate:CERT-01") == at(aims, "")
