"""A timestamp (RFC 3161) of a checkpoint: the token, and what it says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """`token` is the TimeStampToken (DER), `at` the time in it, `authority` whose certificate signed it."""

    token: bytes
    at: datetime
    authority: str
