"""Where stored files lie: `EVIDENCE_STORE` is empty, a folder, or `s3://bucket/prefix?endpoint=…&lock=…&days=…`."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCKS = ("governance", "compliance", "hold")
WORDS = frozenset({"endpoint", "region", "lock", "days"})


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket: where it is, and how what is written to it is locked.

    `lock` is empty, a retention mode (for `days` days), or `hold`: a legal hold that somebody lifts in the store.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    lock: str = ""
    days: int = 0


def folder_of(text: str, default: Path) -> Path:
    """Return the folder of files, which a bucket too needs for what is on its way in."""
    if not text or text.startswith("s3:"):
        return default
    path = Path(text.removeprefix("file://"))
    if not path.is_absolute():
        raise ImproperlyConfigured(f"EVIDENCE_STORE is a whole path or s3://bucket/prefix, not {text!r}.")
    return path


def bucket_of(text: str) -> Bucket | None:
    """Return the bucket that is named, or None for a folder."""
    if not text.startswith("s3:"):
        return None
    try:
        parts = urlsplit(text)
        words = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise _wrong(f"it cannot be read: {error}") from error
    if parts.scheme != "s3" or not parts.hostname or parts.hostname != parts.netloc:
        raise _wrong("it names no bucket; credentials do not stand in it")
    if unknown := sorted(set(words) - WORDS):
        raise _wrong(f"it says {', '.join(unknown)}, which means nothing")
    lock, days = words.get("lock", ""), words.get("days", "0")
    if lock and lock not in LOCKS:
        raise _wrong(f"lock is one of {', '.join(LOCKS)}")
    if not (days.isascii() and days.isdigit()) or (lock in LOCKS[:2]) != (int(days) > 0):
        raise _wrong("days goes with lock=governance and lock=compliance, and is a whole number above 0")
    prefix = parts.path.strip("/")
    return Bucket(parts.netloc, prefix, words.get("endpoint", ""), words.get("region", ""), lock, int(days))


def _wrong(why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"EVIDENCE_STORE should be s3://bucket/prefix?endpoint=…&region=…: {why}.")
