"""How far sealing and verifying have come over all logs, for those who keep an installation running."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from ledger.holding import within
from ledger.models import Log, Record, Waiting


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts over all logs; `waiting_since` is when the oldest unsealed record was made, `verified_at` the log's that
    was verified longest ago (None if one never was)."""

    logs: int
    halted: int
    faulty: int
    unsigned: int
    unsealed: int
    waiting_since: datetime | None
    verified_at: datetime | None
    unverified: int


def standing() -> Standing:
    """Return how all logs stand; two queries, and one for each log with records that wait."""
    logs = Log.unscoped.aggregate(
        logs=Count("pk"),
        halted=Count("pk", filter=~Q(halted="")),
        faulty=Count("pk", filter=~Q(fault="")),
        unsigned=Count("pk", filter=~Q(unsigned="")),
        unverified=Count("pk", filter=Q(verified_at=None)),
        verified_at=Min("verified_at"),
    )
    waiting = dict(Waiting.unscoped.values_list("aims_id").annotate(n=Count("pk")))
    since = min(filter(None, map(_waiting_since, waiting)), default=None)
    return Standing(**logs, unsealed=sum(waiting.values()), waiting_since=since)


def _waiting_since(aims_id: int) -> datetime | None:
    """When the oldest record was made that waits in one log; it is seen in the context of its AIMS only."""
    with within(aims_id):
        oldest: datetime | None = Record.objects.filter(waiting__isnull=False).aggregate(at=Min("occurred_at"))["at"]
    return oldest
