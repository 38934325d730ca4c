"""Verify a log and remember the answer, so that every page can say how far the chain holds."""

from typing import Any

from accounts import clock
from ledger.models import Log
from ledger.verify import Told, Verdict, verify


def check_log(log: Log, told: Told | None = None) -> Verdict:
    """Verify the log; a sound answer moves `verified_size` on, a fault is kept until the next sound one."""
    verdict = verify(log, told)
    note: dict[str, Any] = {"fault": verdict.fault}
    if verdict.is_sound:
        note |= {"verified_size": verdict.size, "verified_at": clock.now()}
    Log.unscoped.filter(pk=log.pk).update(**note)
    return verdict
