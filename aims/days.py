"""What a past date means: the end of that day where the organisation is, neither ahead of today nor before the AIMS."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts import clock
from accounts.refusals import Refusal

WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TICK = timedelta(microseconds=1)


class NoSuchDay(Refusal):
    """The date cannot be looked back on; the message says why."""


def day_of(instant: datetime, time_zone: str) -> date:
    """Return the calendar date of an aware instant in a time zone (an IANA name)."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def end_of(day: date, time_zone: str) -> datetime:
    """Return the last instant (UTC) of a day in a time zone.

    Where the clock is set back over midnight the day has two ends, and the later one counts.
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
    first, second = (midnight.replace(fold=fold).astimezone(UTC) - TICK for fold in (0, 1))
    return second if second > first and day_of(second, time_zone) <= day else first


def asked_day(text: str, *, first: date, last: date) -> date:
    """Read a date as an address carries it, raising NoSuchDay unless it lies between two days."""
    day = _read(text)
    if day > last:
        raise NoSuchDay(_("%(day)s lies in the future. Choose a day up to today.") % {"day": long_day(day)})
    if day < first:
        words = {"day": long_day(day), "first": long_day(first)}
        raise NoSuchDay(_("%(day)s lies before this management system began, on %(first)s.") % words)
    return day


def _read(text: str) -> date:
    try:
        if WRITTEN.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise NoSuchDay(_("“%(text)s” is not a date. Write it like 2026-06-18.") % {"text": text[:40]})


def long_day(day: date) -> str:
    """Write a date as prose does: 18 June 2026."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """Write a date as tables do: 18 Jun 2026."""
    return f"{day.day} {day:%b %Y}"


def first_moment(day: date, time_zone: str) -> datetime:
    """Return when a day begins in a time zone, or this moment for a day that has begun."""
    return max(datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC), clock.now())


def last_midnight(day: date, time_zone: str) -> datetime:
    """Return the midnight that ends a day in a time zone: until then, and not at it, what has a last day holds."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
