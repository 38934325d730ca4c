"""The one clock: real time, or the stepped clock under which demo data is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_stepped: ContextVar[datetime | None] = ContextVar("stepped_clock", default=None)


def now() -> datetime:
    """Return the instant (UTC) that every record and history row of this moment carries."""
    return _stepped.get() or datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the calendar date in the organisation's time zone (an IANA name)."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def a_year_after(day: date) -> date:
    """Return the same day of the next year; 29 February becomes the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at an aware instant, so that demo data has a past of its own."""
    token = _stepped.set(instant)
    try:
        yield
    finally:
        _stepped.reset(token)
