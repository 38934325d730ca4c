"""What the newest check says of single files, for the pages of the items they belong to."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from evidence.integrity.check import Fault, State
from evidence.models import IntegrityCheck
from evidence.store import Stored


def standing_faults(zone: ZoneInfo) -> dict[Stored, str]:
    """Return what is wrong with stored files in words, by what they had to be: one query."""
    last = IntegrityCheck.objects.first()
    if last is None or not last.wrong:
        return {}
    at = last.finished_at.astimezone(zone)
    day = f"{at.day} {at:%b %Y}"
    return {fault.stored: _words(fault, day) for fault in map(Fault.of, last.faults)}


def wrong_now() -> int:
    """Return how many files the newest check found altered or missing: one query."""
    last = IntegrityCheck.objects.values_list("altered", "missing").first()
    return sum(last) if last else 0


def _words(fault: Fault, day: str) -> str:
    if fault.state == State.ALTERED:
        return _("Altered on disk since it was given, found on %(day)s.") % {"day": day}
    return _("Missing from the store, found on %(day)s.") % {"day": day}
