"""Texts outside the chain and the commitments inside it: where each stands, and whether they agree."""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Protocol


class Kept(Protocol):
    """A text that is kept beside the chain, as an annex is."""

    @property
    def field(self) -> str:
        """What the text is: before, after, rationale."""

    @property
    def salt(self) -> bytes | memoryview:
        """Its random salt."""

    @property
    def text(self) -> str:
        """The text itself."""


def commitment(salt: bytes, text: str) -> str:
    """Return what stands for a text in a record: HMAC-SHA-256 (hex) under a random 256-bit salt (trust.md 1)."""
    return hmac.new(salt, text.encode(), sha256).hexdigest()


def altered(body: dict[str, Any], annexes: Iterable[Kept]) -> list[str]:
    """Return the fields whose text is not the one the record commits to; an erased text is no fault."""
    said = promised(body)
    kept = [annex for annex in annexes if annex.salt or annex.text]
    return [annex.field for annex in kept if commitment(bytes(annex.salt), annex.text) != said.get(annex.field)]


def promised(body: dict[str, Any]) -> dict[str, str | None]:
    """Return what a record commits to, by the field of the text."""
    subject = body["subject"]
    return {
        "rationale": body["decision"]["rationale_commitment"],
        "before": subject["before_hash"],
        "after": subject.get("after_commitment", subject["after_hash"]),
    }
