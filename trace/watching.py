"""Every few minutes, hold each log against what is known of it outside, and tell of what stops it."""

from accounts.context import acting_in
from aims.models import Aims
from ledger.actions import watch
from ledger.models import Log
from trace.alarm import WATCH, alarm, all_clear

SCHEDULE = "trace.watch"


def watch_all() -> None:
    """Watch the log of every AIMS; called by the ticker, so that also a log to which nobody writes is looked at."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        watch(aims.pk)
        with acting_in(aims, WATCH):
            _tell(aims)


def _tell(aims: Aims) -> None:
    log = Log.objects.first()
    faults = [fault for fault in (log.halted, log.unsigned, log.fault) if fault] if log else []
    for fault in faults:
        alarm(aims.pk, fault)
    if not faults:
        all_clear()
