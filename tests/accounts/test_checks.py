"""The system check: a cache that processes do not share is refused at the start."""

import pytest
from django.test import override_settings

from accounts.checks import cache_is_shared

LOCAL = "django.core.cache.backends.locmem.LocMemCache"


@pytest.mark.parametrize(
    ("backend", "debug", "ids"),
    [
        (LOCAL, False, ["accounts.E001"]),
        ("django.core.cache.backends.dummy.DummyCache", False, ["accounts.E001"]),
        (LOCAL, True, []),
        ("django.core.cache.backends.redis.RedisCache", False, []),
        ("django.core.cache.backends.db.DatabaseCache", False, []),
    ],
)
def test_a_cache_of_one_process_is_refused(backend: str, debug: bool, ids: list[str]) -> None:
    with override_settings(CACHES={"default": {"BACKEND": backend}}, DEBUG=debug):
        assert [found.id for found in cache_is_shared()] == ids
