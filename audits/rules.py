"""Date rules of a certification cycle (ISO/IEC 17021-1), as hints: calendar months are added and clipped."""

from calendar import monthrange
from datetime import date, timedelta

CYCLE_MONTHS = 36
FIRST_SURVEILLANCE_MONTHS = 12
SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """Return the same day so many calendar months later, clipped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_surveillance_latest(decision: date) -> date:
    """Return the last day on which surveillance 1 may begin: 12 months after the certification decision (R2)."""
    return add_months(decision, FIRST_SURVEILLANCE_MONTHS)


def second_surveillance_latest(first: date) -> date:
    """Return the last day for surveillance 2: the end of the calendar year after surveillance 1's (R3)."""
    return date(first.year + 1, 12, 31)


def suggested_expiry(decision: date) -> date:
    """Return the usual last day of a certificate: 36 months after the decision, less one day (R4)."""
    return add_months(decision, CYCLE_MONTHS) - timedelta(days=1)


def next_expiry(expiry: date) -> date:
    """Return the expiry after recertification, when it follows the prior cycle (R4)."""
    return add_months(expiry, CYCLE_MONTHS)


def last_weekday(day: date) -> date:
    """Return the last Monday-to-Friday day not after the given one, to plan by."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
