"""Answers over all records of a long log, kept for a few minutes: choices and bars change slowly, and cost a scan."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.core.cache import cache

from ledger.models import Log

LONG = 20_000
KEPT = timedelta(minutes=5)

T = TypeVar("T")


def remembered(log: Log, ask: Callable[[], T]) -> T:
    """Ask at once about a short log; of a long one an answer may be five minutes old."""
    if log.size < LONG:
        return ask()
    key = f"trace:{log.aims_id}:{ask.__module__}.{ask.__qualname__}"
    found = cache.get(key)
    if found is None:
        found = ask()
        cache.set(key, found, KEPT.total_seconds())
    answer: T = found
    return answer
