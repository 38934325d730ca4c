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
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) >= LARGEST:
                raise NotCanonical(f"{value} does not fit in 53 bits.")
        case list() | tuple():
            for item in value:
                _refuse_what_differs(item)
        case dict():
            for key, item in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise NotCanonical(f"Key {key!r} is not ASCII text.")
                _refuse_what_differs(item)
        case _:
            raise NotCanonical(f"{type(value).__name__} has no canonical form.")
