"""What is looked at when a process starts: settings of the copies outside that cannot work. Nothing is asked there."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from trace.anchoring.fetching import is_address

LONGEST_YEARS = 100


def anchors_can_work(**_options: Any) -> list[CheckMessage]:
    """Name each setting that no request could ever succeed with."""
    found: list[CheckMessage] = []
    if settings.TIMESTAMP_URL and not is_address(settings.TIMESTAMP_URL):
        found.append(Error("TIMESTAMP_URL is neither an http nor an https address.", id="trace.E001"))
    if settings.ANCHOR_ENDPOINT and not is_address(settings.ANCHOR_ENDPOINT):
        found.append(Error("ANCHOR_ENDPOINT is neither an http nor an https address.", id="trace.E002"))
    if not 1 <= settings.ANCHOR_RETAIN_DAYS <= LONGEST_YEARS * 366:
        found.append(Error("ANCHOR_RETAIN_DAYS is a number of days from 1 to 36600.", id="trace.E003"))
    return found
