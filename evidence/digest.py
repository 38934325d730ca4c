"""The digest of a version: one hash over the hashes of its files and what was said about them."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from evidence.models import Evidence, EvidenceVersion, File
from ledger.canonical import canonical
from ledger.change import plain

SAID = ("number", "covers_from", "covers_to", "made_on", "renew_by", "change_note", "link", "note", "result")


def said_of(version: EvidenceVersion) -> dict[str, Any]:
    """What a version says besides its files, as records hold it."""
    return {name: plain(getattr(version, name)) for name in SAID}


def digest_of(evidence: Evidence, version: EvidenceVersion, files: Iterable[File]) -> str:
    """Return the SHA-256 (hex) that the chain carries for a version: reference, metadata and sorted file hashes."""
    body = said_of(version) | {"evidence": evidence.code, "files": sorted(file.sha256 for file in files)}
    return sha256(canonical(body)).hexdigest()
