"""Certificates that sign: what Assay makes, what it takes, and why it refuses the rest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from reports import certificates
from reports.certificates import LARGEST, NotUsable, brought, made_for
from tests.reports.certify import NOW, PASSWORD, a_certificate, a_key, a_pkcs12, pkcs12, usage

A_KEY = rsa.generate_private_key(65537, 2048)
WHOLE = a_pkcs12()
SERVER, MAIL = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION


def a_weak_key(bits: int) -> rsa.RSAPrivateKey:
    """An RSA key that can be broken."""
    return rsa.generate_private_key(65537, bits)


def extension(certificate: x509.Certificate, kind: type[Any]) -> Any:
    """The value of an extension."""
    return certificate.extensions.get_extension_for_class(kind).value


def test_the_made_one_is_for_signing_documents() -> None:
    """RSA of 3072 bits, five years, nothing else allowed, and the organisation's name."""
    pair = made_for("Meridian Assist Ltd", NOW)
    made = pair.certificate
    assert isinstance(pair.key, rsa.RSAPrivateKey)
    assert pair.key.key_size == 3072
    assert extension(made, x509.KeyUsage) == usage(digital_signature=True, content_commitment=True)
    assert "1.3.6.1.5.5.7.3.36" in [oid.dotted_string for oid in extension(made, x509.ExtendedKeyUsage)]
    assert not extension(made, x509.BasicConstraints).ca
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (NOW, NOW.replace(year=NOW.year + 5))
    assert pair.subject == pair.issuer == "CN=Meridian Assist Ltd (Assay), O=Meridian Assist Ltd"
    assert pair.name == "Meridian Assist Ltd (Assay)"
    assert pair.fingerprint == made.fingerprint(SHA256()).hex()
    made.verify_directly_issued_by(made)


def test_no_two_are_alike() -> None:
    """Neither key nor serial number."""
    first, second = made_for("Same", NOW), made_for("Same", NOW)
    assert first.certificate.serial_number != second.certificate.serial_number
    assert first.fingerprint != second.fingerprint


def test_one_made_on_a_leap_day_ends_on_the_day_before() -> None:
    """There is no 29 February five years later."""
    ends = made_for("Leap", datetime(2028, 2, 29, 12, tzinfo=UTC)).certificate.not_valid_after_utc
    assert (ends.year, ends.month, ends.day) == (2033, 2, 28)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=160))
def test_any_name_of_an_organisation_fits(organisation: str) -> None:
    """However long, in whatever script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificates, "generate_private_key", lambda *_size: A_KEY)
        subject = made_for(organisation, NOW).certificate.subject
    common, whole = (
        str(subject.get_attributes_for_oid(oid)[0].value) for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    )
    assert common.endswith(" (Assay)")
    assert max(len(common.encode()), len(whole.encode())) <= 64
    assert whole == organisation or organisation.startswith(whole.rstrip("…"))


def test_an_own_one_is_taken_with_those_above_it() -> None:
    """The signer's first, whatever the file's order."""
    root_key, key = a_key(), a_key(ec.SECP384R1())
    root = a_certificate(root_key, "A known authority")
    certificate = a_certificate(key, "Meridian seal", by=(root, root_key))
    pair = brought(pkcs12(key, certificate, root), PASSWORD, NOW)
    assert pair.chain == (certificate, root)
    assert (pair.name, pair.issuer) == ("Meridian seal", "CN=A known authority")
    assert pair.chain_pem.count("BEGIN CERTIFICATE") == 2
    assert "PrivateKey" not in repr(pair)


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        (usage(content_commitment=True),),
        (usage(digital_signature=True), x509.ExtendedKeyUsage([MAIL])),
        (x509.ExtendedKeyUsage([SERVER, MAIL]), x509.BasicConstraints(ca=True, path_length=None)),
    ],
    ids=["none", "non-repudiation", "mail", "mail and server"],
)
def test_what_may_sign_is_taken(extensions: tuple[x509.ExtensionType, ...]) -> None:
    """Readers accept each of these."""
    assert brought(a_pkcs12(extensions=extensions), PASSWORD, NOW).name == "Meridian seal"


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"last": NOW - timedelta(seconds=1)}, "expired on"),
        ({"last": NOW}, "expired on"),
        ({"first": NOW + timedelta(seconds=1)}, "not valid before"),
        ({"extensions": (usage(key_encipherment=True),)}, "key usage does not allow signing"),
        ({"extensions": (usage(key_cert_sign=True, crl_sign=True),)}, "key usage does not allow signing"),
        ({"extensions": (x509.ExtendedKeyUsage([SERVER]),)}, "for servers or devices"),
        ({"key": a_weak_key(1024)}, "1024 bits"),
        ({"key": a_weak_key(2047)}, "2047 bits"),
        ({"key": a_key(ec.SECP192R1())}, "too weak"),
        ({"key": ed25519.Ed25519PrivateKey.generate()}, "neither RSA nor ECDSA"),
        ({"key": dsa.generate_private_key(2048)}, "neither RSA nor ECDSA"),
    ],
)
def test_what_cannot_sign_is_refused_with_its_reason(about: dict[str, Any], message: str) -> None:
    """Beside the file."""
    with pytest.raises(NotUsable, match=message) as refusal:
        brought(a_pkcs12(**about), PASSWORD, NOW)
    assert refusal.value.field == "file"


def test_a_certificate_signed_with_sha_1_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library signs none any more, so one is bent: the algorithm is named twice in its bytes."""
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    good = a_certificate(A_KEY).public_bytes(certificates.Encoding.DER)
    old = x509.load_der_x509_certificate(good.replace(sha256, sha1))
    with pytest.raises(NotUsable, match="SHA-1"):
        brought(pkcs12(A_KEY, old), PASSWORD, NOW)


def test_a_wrong_password_is_said_beside_the_password() -> None:
    """Whichever is wrong, and when it is left out."""
    for password in ("wrong", "", "opens the filé"):
        with pytest.raises(NotUsable, match="password does not open") as refusal:
            brought(a_pkcs12(), password, NOW)
        assert refusal.value.field == "password"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no PKCS #12 file"),
        (b"-----BEGIN CERTIFICATE-----", "no PKCS #12 file"),
        (b"PK\x03\x04 a spreadsheet", "no PKCS #12 file"),
        (a_pkcs12()[:200], "no PKCS #12 file"),
        (b"0" * (LARGEST + 1), "larger than 64 KB"),
        (pkcs12(None, a_certificate(A_KEY)), "no private key"),
        (pkcs12(A_KEY, None), "without its certificate"),
        (pkcs12(A_KEY, None, a_certificate(a_key())), "does not fit"),
        (pkcs12(A_KEY, a_certificate(A_KEY), *(a_certificate(a_key(), f"CA {n}") for n in range(10))), "too many"),
    ],
)
def test_other_files_are_told_apart(data: bytes, message: str) -> None:
    """In words that say what to export."""
    with pytest.raises(NotUsable, match=message):
        brought(data, PASSWORD, NOW)


@pytest.mark.filterwarnings("ignore:PKCS#12 bundle could not be parsed as DER")
@given(at=st.integers(0), bit=st.integers(0, 7))
def test_a_damaged_file_is_refused_or_unharmed(at: int, bit: int) -> None:
    """Never an error of another kind."""
    data = bytearray(WHOLE)
    data[at % len(data)] ^= 1 << bit
    try:
        found = brought(bytes(data), PASSWORD, NOW)
    except NotUsable:
        return
    assert found.fingerprint == brought(WHOLE, PASSWORD, NOW).fingerprint


def test_a_name_without_letters_falls_back_to_the_subject() -> None:
    """What a database cannot keep never becomes a name."""
    assert brought(a_pkcs12(name="\x00\x07"), PASSWORD, NOW).name.startswith("CN=")
    assert brought(a_pkcs12(name="Meri\x00dian"), PASSWORD, NOW).name == "Meridian"
