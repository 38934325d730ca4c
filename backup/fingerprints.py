"""Which secrets a backup needs, named without revealing them: the secrets themselves are never in it."""

import hmac
from hashlib import sha256

from django.conf import settings

from accounts import sealed

LOST = {
    "SECRET_KEY": "everybody signs in again, and links in mails that are on their way lead nowhere",
    "LEDGER_KEY": "records that wait for their number are not taken for ours, and sealing stops at them",
    "SIGNING_SECRET": (
        "the keys of the logs cannot be opened, and nothing is signed until each has a new one (manage.py rotate_key)"
    ),
}


def fingerprints() -> dict[str, str]:
    """Return 16 hex digits for each secret of this installation; the same secret gives the same ones everywhere."""
    named = {name: _mark(name, getattr(settings, name)) for name in ("SECRET_KEY", "LEDGER_KEY")}
    return named | {"SIGNING_SECRET": sealed.fingerprint()}


def others(told: dict[str, str]) -> list[str]:
    """Return the secrets that are not those of the backup."""
    mine = fingerprints()
    return [name for name in LOST if told.get(name) != mine[name]]


def _mark(name: str, secret: str) -> str:
    """Hash an HMAC of a text that no other use of the secret signs."""
    return sha256(hmac.digest(secret.encode(), f"assay backup: {name}".encode(), "sha256")).hexdigest()[:16]
