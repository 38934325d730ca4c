"""Certificates that sign reports: one made by Assay, or one that an organisation brings with its key.

The made one names two uses: documentSigning (RFC 9336) is the right one, but NSS, which Poppler checks with, calls a
certificate without emailProtection unfit, and Acrobat looks for that one too. RSA is what every reader verifies.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from reports.paper.words import long_day

LARGEST = 64 * 1024
MOST_CERTIFICATES = 10
YEARS = 5
MADE_BITS, LEAST_RSA_BITS, LEAST_CURVE_BITS = 3072, 2048, 256
LONGEST_NAME = 64
OURS = " (Assay)"
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
USES = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
NOT_FOR_DOCUMENTS = {
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
}

Key = RSAPrivateKey | EllipticCurvePrivateKey


class NotUsable(Refusal):
    """The file does not hold what signs a report."""

    field = "file"


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key with its certificate and those above it."""

    key: Key = field(repr=False)
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's own."""
        return self.chain[0]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hex."""
        return self.certificate.fingerprint(SHA256()).hex()

    @property
    def name(self) -> str:
        """What readers' programs call the signer."""
        subject = self.certificate.subject
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            for found in subject.get_attributes_for_oid(oid):
                if text := "".join(letter for letter in str(found.value) if letter.isprintable()).strip():
                    return text
        return self.subject

    @property
    def subject(self) -> str:
        """Its whole subject, as RFC 4514 writes it, with a space after each comma."""
        return _told(self.certificate.subject)

    @property
    def issuer(self) -> str:
        """Who vouches for it."""
        return _told(self.certificate.issuer)

    @property
    def chain_pem(self) -> str:
        """The certificates as text, the signer's own first."""
        return "".join(one.public_bytes(Encoding.PEM).decode() for one in self.chain)

    @property
    def key_der(self) -> bytes:
        """The private key as PKCS #8, in the clear: for sealing only."""
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _told(name: x509.Name) -> str:
    return ", ".join(part.rfc4514_string() for part in reversed(name.rdns))


def made_for(organisation: str, at: datetime) -> Pair:
    """Make a key and its self-signed certificate; a third of a second, so keep it out of transactions."""
    key = generate_private_key(65537, MADE_BITS)
    who = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation, LONGEST_NAME)),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(organisation, LONGEST_NAME - len(OURS)) + OURS),
        ]
    )
    begins = at.replace(microsecond=0)
    serial = x509.random_serial_number()
    builder = x509.CertificateBuilder(who, who, key.public_key(), serial, begins, _later(begins))
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    for extension, is_critical in (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (usage, True),
        (x509.ExtendedKeyUsage(USES), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    ):
        builder = builder.add_extension(extension, critical=is_critical)
    return Pair(key, (builder.sign(key, SHA256()),))


def _cut(text: str, most: int) -> str:
    """Keep to the length that X.520 gives names, counted in bytes as the library does."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def _later(begins: datetime) -> datetime:
    is_leap_day = (begins.month, begins.day) == (2, 29)
    return begins.replace(year=begins.year + YEARS, day=28 if is_leap_day else begins.day)


def brought(pkcs12: bytes, password: str, at: datetime) -> Pair:
    """Read an organisation's own key and certificate, raising NotUsable for what cannot sign a report at `at`."""
    if len(pkcs12) > LARGEST:
        raise NotUsable(_("The file is larger than 64 KB. Export the certificate with its key and its chain only."))
    found = _opened(pkcs12, password)
    if found.key is None:
        raise NotUsable(_("The file holds no private key. Export the certificate together with its private key."))
    if found.cert is None:
        raise NotUsable(
            _("The private key in the file does not fit its certificate.")
            if found.additional_certs
            else _("The file holds a private key without its certificate.")
        )
    above = [one.certificate for one in found.additional_certs]
    if len(above) >= MOST_CERTIFICATES:
        raise NotUsable(_("The file holds too many certificates. Export the signer's own and those above it only."))
    certificate = found.cert.certificate
    _check_hash(certificate)
    _check_dates(certificate, at)
    _check_use(certificate)
    return Pair(_strong(found.key), (certificate, *above))


def _opened(pkcs12: bytes, password: str) -> PKCS12KeyAndCertificates:
    try:
        return load_pkcs12(pkcs12, password.encode() or None)
    except UnsupportedAlgorithm as error:
        raise NotUsable(_("The file is encrypted in a way that is not supported. Export it with AES-256.")) from error
    except (ValueError, TypeError) as error:
        if "password" in str(error):
            raise NotUsable(_("This password does not open the file."), field="password") from error
        raise NotUsable(_("This is no PKCS #12 file (.p12 or .pfx), or a part of it is missing.")) from error


def _strong(key: object) -> Key:
    match key:
        case RSAPrivateKey() if key.key_size < LEAST_RSA_BITS:
            text = _("The key has %(n)s bits, which is too weak. An RSA key needs 2048 or more.")
            raise NotUsable(text % {"n": key.key_size})
        case EllipticCurvePrivateKey() if key.curve.key_size < LEAST_CURVE_BITS:
            raise NotUsable(_("The key is too weak. An elliptic-curve key needs P-256 or more."))
        case RSAPrivateKey() | EllipticCurvePrivateKey():
            return key
        case _:
            raise NotUsable(_("The key is neither RSA nor ECDSA, and most PDF readers could not verify it."))


def _check_hash(certificate: x509.Certificate) -> None:
    if isinstance(_hash_of(certificate), SHA1 | MD5):
        raise NotUsable(_("The certificate is signed with SHA-1 or MD5, which readers refuse. Ask for a newer one."))


def _hash_of(certificate: x509.Certificate) -> object:
    try:
        return certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None


def _check_dates(certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < begins:
        raise NotUsable(_("The certificate is not valid before %(day)s.") % {"day": long_day(begins)})
    if at >= ends:
        raise NotUsable(_("The certificate expired on %(day)s.") % {"day": long_day(ends)})


def _check_use(certificate: x509.Certificate) -> None:
    extensions = _extensions_of(certificate)
    for extension in extensions:
        match extension.value:
            case x509.KeyUsage() as usage if not (usage.digital_signature or usage.content_commitment):
                raise NotUsable(_("The certificate's key usage does not allow signing."))
            case x509.ExtendedKeyUsage() as usage if NOT_FOR_DOCUMENTS.issuperset(usage):
                raise NotUsable(_("The certificate is for servers or devices, not for signing documents."))


def _extensions_of(certificate: x509.Certificate) -> x509.Extensions:
    try:
        return certificate.extensions
    except ValueError as error:
        raise NotUsable(_("The certificate has extensions that cannot be read.")) from error
