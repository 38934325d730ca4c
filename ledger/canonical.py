"""Canonical bytes: the JSON of RFC 8785 for the subset that records use (trust.md section 1)."""

import json
from typing import Any

LARGEST = 2**53

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class NotCanonical(ValueError):
    """A value has no place in a record: a float, an integer of 2^53 or more, or text that UTF-8 cannot hold."""


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a value made of dicts, lists, text, whole numbers, booleans and null."""
    _refuse_what_differs(value)
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("Text holds a lone surrogate.") from error


def _refuse_what_differs(value: Any) -> None:
    """Look at every part once, those that are most common first: each governed act pays for this."""
    parts = [value]
    for part in parts:
        if isinstance(part, str) or part is None:
            continue
        if isinstance(part, dict):
            _refuse_keys(part)
            parts.extend(part.values())
        elif isinstance(part, (list, tuple)):
            parts.extend(part)
        elif not isinstance(part, int):
            raise NotCanonical(f"{type(part).__name__} has no canonical form.")
        elif abs(part) >= LARGEST:
            raise NotCanonical(f"{part} does not fit in 53 bits.")


def _refuse_keys(part: dict[Any, Any]) -> None:
    for key in part:
        if not (isinstance(key, str) and key.isascii()):
            raise NotCanonical(f"Key {key!r} is not ASCII text.")
