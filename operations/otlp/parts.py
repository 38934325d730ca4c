"""The small parts of OTLP in JSON: lists, attributes, 64-bit numbers, instants."""

import json
import math
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.api import DEEPEST
from operations.otlp.points import Malformed
from operations.values import FIRST

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_NS = 2**63 - 1


def unpacked(data: bytes, encoding: str, most: int) -> bytes:
    """Return a body as it was before gzip; raises Malformed for what is no gzip, or too much of it."""
    if encoding in ("", "identity"):
        return data
    if encoding != "gzip":
        raise Malformed(_("The body is encoded as %s; gzip and identity are read.") % encoding[:40])
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(data, most + 1)
    except zlib.error as error:
        raise Malformed(_("The body is not gzip, though its Content-Encoding says so.")) from error
    if len(plain) > most or reader.unconsumed_tail:
        raise Malformed(_("The body is larger than %s MB once unpacked.") % (most // 1024**2))
    if not reader.eof:
        raise Malformed(_("The gzip body is cut off."))
    return plain


def parsed(data: bytes) -> dict[str, Any]:
    """Read the body as a JSON object of bounded depth; 64-bit numbers may stand as numbers or text."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("The body is no JSON.")) from error
    if not isinstance(body, dict):
        raise Malformed(_("The body is no JSON object."))
    level: list[Any] = [body]
    for _depth in range(DEEPEST):
        level = [inner for part in level for inner in _inside(part)]
        if not level:
            return body
    raise Malformed(_("The JSON is nested deeper than %s levels.") % DEEPEST)


def _inside(part: Any) -> list[Any]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [one for one in inner if isinstance(one, dict | list)]


def each(holder: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Return the objects of a list, which may be missing; raises Malformed for anything else in its place."""
    rows = holder.get(name)
    rows = [] if rows is None else rows
    if not isinstance(rows, list):
        raise Malformed(_("%s is no list.") % name)
    for row in rows:
        if not isinstance(row, dict):
            raise Malformed(_("%s holds something that is no object.") % name)
        yield row


def attributes(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes by name, with plain values; lists and maps are left out."""
    found: dict[str, Any] = {}
    for row in each(holder, "attributes"):
        name, value = row.get("key"), row.get("value")
        if not isinstance(name, str) or not isinstance(value, dict | None):
            raise Malformed(_("An attribute has a key, and an object as its value."))
        for kind, told in (value or {}).items():
            if kind in ("stringValue", "boolValue", "intValue", "doubleValue") and isinstance(told, str | int | float):
                found[name] = told
    return found


def text(found: Mapping[str, Any], *names: str) -> str:
    """Return the first attribute that is a text."""
    return next((found[name] for name in names if isinstance(found.get(name), str) and found[name].strip()), "").strip()


def number(told: Any, name: str) -> Decimal:
    """Return a number, which may stand as text; raises Malformed for what is none."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        raise Malformed(_("%s is no number.") % name)
    try:
        value = Decimal(str(told)) if not isinstance(told, float) or math.isfinite(told) else None
    except ArithmeticError:
        value = None
    if value is None or not value.is_finite() or abs(value) > 10**15:
        raise Malformed(_("%s is no number within range.") % name)
    return value


def whole(told: Any, name: str) -> int:
    """Return a whole number from 0 below 2^63, which may stand as text."""
    value = told
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 20:
        value = int(told)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_NS:
        raise Malformed(_("%s is no whole number from 0.") % name)
    return value


def instant(nanoseconds: int) -> datetime | None:
    """Return an instant from nanoseconds since 1970, or None for one before 2000, as an unset clock gives it."""
    at = EPOCH + timedelta(microseconds=min(nanoseconds // 1000, 250_000_000_000_000_000))
    return at if at >= FIRST else None


def system_of(resource: Mapping[str, Any]) -> str:
    """Return what names the system in a resource: assay.system, else service.name."""
    holder = resource.get("resource") or {}
    if not isinstance(holder, dict):
        raise Malformed(_("resource is no object."))
    return text(attributes(holder), "assay.system", "service.name")
