"""What may stand as a value, an instant or a name of a signal: one rule for every door."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from accounts import clock

PLACES = Decimal(1).scaleb(-9)
MOST = Decimal(10) ** 15
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=5)
KEY = re.compile(r"[a-z0-9][a-z0-9._/:-]{0,119}")


class Unfit(ValueError):
    """A value that cannot be kept; the message says what it must be."""


def decimal_of(told: object) -> Decimal:
    """Return a number with at most nine decimals; raises Unfit for what is none, endless or larger than 10^15."""
    if isinstance(told, bool) or not isinstance(told, int | float | str | Decimal):
        raise Unfit(_("This is no number."))
    try:
        value = Decimal(str(told).strip())
    except InvalidOperation as error:
        raise Unfit(_("This is no number.")) from error
    if not value.is_finite() or abs(value) >= MOST:
        raise Unfit(_("The number is out of range: it lies within 10^15 of zero."))
    return value.quantize(PLACES)


def instant_of(told: object) -> datetime:
    """Return an instant from ISO 8601 with its offset; raises Unfit for another form, the future and before 2000."""
    if not isinstance(told, str):
        raise Unfit(_("Give the instant as text, such as 2026-06-18T14:00:00Z."))
    try:
        at = datetime.fromisoformat(told.strip())
    except ValueError as error:
        raise Unfit(_("This is no instant. Write it as 2026-06-18T14:00:00Z.")) from error
    return past(at)


def past(at: datetime) -> datetime:
    """Return the instant in UTC; raises Unfit without an offset, in the future (beyond five minutes), before 2000."""
    if at.tzinfo is None:
        raise Unfit(_("Say the offset from UTC, such as Z or +02:00."))
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:
        raise Unfit(_("This instant is out of range.")) from error
    if not FIRST <= at <= clock.now() + SKEW:
        raise Unfit(_("The instant lies in the future, or before the year 2000."))
    return at


def whole_of(told: object) -> int | None:
    """Return a sample size: a whole number from 0, or none."""
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < 2**53:
        raise Unfit(_("The sample size is a whole number from 0."))
    return told


def plain(value: Decimal | None) -> str:
    """Write a value without trailing zeros, and never as a power of ten."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_storable(text: str) -> bool:
    """Whether every database can keep a text: no NUL, no half characters."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
