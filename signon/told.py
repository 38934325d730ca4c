"""What a provider of SAML tells of itself, and its certificates."""

import binascii
from dataclasses import dataclass

from cryptography.x509 import Certificate, load_der_x509_certificate
from django.utils.translation import gettext as _

from signon.asserted import NotAsserted


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider's metadata tells."""

    issuer: str
    sso_url: str
    certificates: tuple[str, ...]


def bare(certificate: str) -> str:
    """Return a certificate's base64 without its PEM lines."""
    lines = (line.strip() for line in certificate.splitlines())
    return "".join("".join(line.split()) for line in lines if not line.startswith("-----"))


def read_certificate(certificate: str) -> Certificate:
    """Parse a certificate, as PEM or bare base64."""
    try:
        return load_der_x509_certificate(binascii.a2b_base64(bare(certificate), strict_mode=True))
    except (ValueError, binascii.Error) as error:
        raise NotAsserted(_("This is no X.509 certificate.")) from error
