"""Makers of certificates as organisations bring them, and what readers' programs say of a signed PDF."""

import inspect
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from reports.certificates import made_for
from reports.signatory import Signatory

NOW = datetime.now(UTC).replace(microsecond=0)
PASSWORD = "opens the file"
needs_pdfsig = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs pdfsig (poppler-utils)")
needs_qpdf = pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf")


def a_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """A fresh key, quick to make."""
    return ec.generate_private_key(curve or ec.SECP256R1())


def a_certificate(
    key: Any,
    name: str = "Meridian seal",
    *,
    by: tuple[x509.Certificate, Any] | None = None,
    first: datetime = NOW - timedelta(days=1),
    last: datetime = NOW + timedelta(days=400),
    extensions: tuple[x509.ExtensionType, ...] = (),
    digest: hashes.HashAlgorithm | None = None,
) -> x509.Certificate:
    """A certificate of a key, signed by itself or by another."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = (by[0].subject, by[1]) if by else (subject, key)
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), first, last)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    plain = type(signing).__name__.startswith("Ed")
    return builder.sign(signing, None if plain else digest or hashes.SHA256())


def usage(**allowed: bool) -> x509.KeyUsage:
    """A key usage that allows these and nothing else."""
    names = inspect.signature(x509.KeyUsage).parameters
    return x509.KeyUsage(**dict.fromkeys(names, False) | allowed)


def pkcs12(key: Any, certificate: x509.Certificate | None, *above: x509.Certificate, password: str = PASSWORD) -> bytes:
    """A .p12 file."""
    return serialize_key_and_certificates(
        b"seal", key, certificate, above or None, BestAvailableEncryption(password.encode())
    )


def a_pkcs12(**about: Any) -> bytes:
    """A .p12 file that can be used, or not, as its certificate is described."""
    key = about.pop("key", None) or a_key()
    return pkcs12(key, a_certificate(key, **about))


def a_signatory(name: str = "Meridian Assist Ltd") -> Signatory:
    """Somebody who signs, with a certificate of Assay's making."""
    pair = made_for(name, NOW)
    return Signatory(1, pair.name, pair.fingerprint, pair.chain_pem, pair.key_der)


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What Poppler says of the signatures in a PDF."""
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False, env={"HOME": str(folder)})
    return done.stdout + done.stderr


def signature_in(pdf: bytes) -> cms.SignedData:
    """The CMS structure of the only signature."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return cms.ContentInfo.load(bytes.fromhex(pdf[start : pdf.index(b">", start)].decode()))["content"]


def signer_of(pdf: bytes) -> str:
    """SHA-256 of the certificate that a PDF says it is signed with."""
    certificate: bytes = signature_in(pdf)["certificates"][0].chosen.dump()
    return x509.load_der_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex()
