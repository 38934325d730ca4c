"""What would make signing in less safe than it looks."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

LOCAL = ("locmem.LocMemCache", "dummy.DummyCache")


def cache_is_shared(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a cache of one process: the marker that stops a code from being used twice lives there."""
    backend = str(settings.CACHES["default"]["BACKEND"])
    if settings.DEBUG or not backend.endswith(LOCAL):
        return []
    return [
        Error(
            "The cache is not shared between processes: a code from an authenticator app could be used twice, and "
            "limits on guessing would count each process by itself.",
            hint="Set REDIS_URL, or leave it empty: then the database holds the cache.",
            id="accounts.E001",
        )
    ]
