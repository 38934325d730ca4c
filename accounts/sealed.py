"""Private keys at rest: sealed under SIGNING_SECRET, so that a copy of the database alone cannot sign."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.refusals import Refusal

FORM = b"\x01"
NONCE = 12
TAG = 16


class CannotUnseal(Refusal):
    """It was sealed under another secret or for another purpose, or it was altered."""


def seal(plain: bytes, purpose: str) -> bytes:
    """Encrypt and authenticate (AES-256-GCM); only `unseal` with the same purpose opens it again."""
    nonce = os.urandom(NONCE)
    return FORM + nonce + AESGCM(_key(f"seal:{purpose}")).encrypt(nonce, plain, FORM)


def unseal(sealed: bytes, purpose: str) -> bytes:
    """Return what was sealed for this purpose, raising CannotUnseal."""
    data = bytes(sealed)
    if not data.startswith(FORM) or len(data) < len(FORM) + NONCE + TAG:
        raise CannotUnseal(_("This is not a sealed key, or a part of it is missing."))
    nonce, hidden = data[1 : 1 + NONCE], data[1 + NONCE :]
    try:
        return AESGCM(_key(f"seal:{purpose}")).decrypt(nonce, hidden, FORM)
    except InvalidTag as error:
        raise CannotUnseal(
            _("A private key cannot be opened: SIGNING_SECRET is not the one it was sealed under, or it was altered.")
        ) from error


def fingerprint() -> str:
    """Name SIGNING_SECRET without revealing it (16 hex digits), so that a backup can say which one it needs."""
    return _key("fingerprint").hex()[:16]


def _key(info: str) -> bytes:
    """Derive 256 bits for one use; `info` keeps the uses apart."""
    return HKDF(SHA256(), 32, salt=None, info=f"assay {info}".encode()).derive(settings.SIGNING_SECRET.encode())
