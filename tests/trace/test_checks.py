"""Settings of the copies outside that cannot work stop a start, in words."""

from typing import Any

import pytest

from trace.checks import anchors_can_work


def test_as_shipped_and_as_documented_nothing_is_wrong(settings: Any) -> None:
    assert anchors_can_work() == []
    settings.TIMESTAMP_URL, settings.ANCHOR_ENDPOINT = "http://timestamp.example.org", "https://s3.example.org:9000"
    assert anchors_can_work() == []


@pytest.mark.parametrize(
    ("name", "value", "id_"),
    [
        ("TIMESTAMP_URL", "file:///etc/passwd", "trace.E001"),
        ("TIMESTAMP_URL", "timestamp.example.org", "trace.E001"),
        ("ANCHOR_ENDPOINT", "s3.example.org:9000", "trace.E002"),
        ("ANCHOR_RETAIN_DAYS", 0, "trace.E003"),
        ("ANCHOR_RETAIN_DAYS", -1, "trace.E003"),
        ("ANCHOR_RETAIN_DAYS", 40_000, "trace.E003"),
    ],
)
def test_each_is_named(settings: Any, name: str, value: Any, id_: str) -> None:
    setattr(settings, name, value)
    (found,) = anchors_can_work()
    assert (found.id, name in found.msg) == (id_, True)
