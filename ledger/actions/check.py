"""Verify a log and remember the answer, so that every page can say how far the chain holds."""

from typing import Any

from accounts import clock
from ledger.holding import within
from ledger.models import Log
from ledger.verify import Told, Verdict, verify


def check_log(log: Log, told: Told | None = None) -> Verdict:
    """Verify the log and note the verdict."""
    verdict = verify(log, told)
    note(verdict)
    return verdict


def note(verdict: Verdict) -> None:
    """Keep a verdict with its log: a sound one moves `verified_size` on, a fault stays until the next sound one."""
    fields: dict[str, Any] = {"fault": verdict.fault}
    if verdict.is_sound:
        fields |= {"verified_size": verdict.size, "verified_at": clock.now()}
    with within(verdict.aims_id):
        Log.unscoped.filter(aims_id=verdict.aims_id).update(**fields)
