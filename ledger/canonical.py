"""Canonical bytes: the JSON of RFC 8785 for the subset that records use (trust.md section 1)."""

import json
from typing import Any

LARGEST = 2**53


class NotCanonical(ValueError):
    """A value has no place in a record: a float, an integer of 2^53 or more, or text that UTF-8 cannot hold."""


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a value made of dicts, lists, text, whole numbers, booleans and null."""
    _refuse_what_differs(value)
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("Text holds a lone surrogate.") from error


def _refuse_what_differs(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_key(key)
            _refuse_what_differs(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_what_differs(item)
    elif isinstance(value, int):
        _refuse_large(value)
    elif not (value is None or isinstance(value, str)):
        raise NotCanonical(f"{type(value).__name__} has no canonical form.")


def _refuse_key(key: Any) -> None:
    if not (isinstance(key, str) and key.isascii()):
        raise NotCanonical(f"Key {key!r} is not ASCII text.")


def _refuse_large(value: int) -> None:
    if abs(value) >= LARGEST:
        raise NotCanonical(f"{value} does not fit in 53 bits.")
