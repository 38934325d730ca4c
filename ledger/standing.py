"""How far sealing and verifying have come over all logs, for those who keep an installation running."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from ledger.models import Log, Waiting


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
    """Return how all logs stand; two queries."""
    logs = Log.unscoped.aggregate(
        logs=Count("pk"),
        halted=Count("pk", filter=~Q(halted="")),
        faulty=Count("pk", filter=~Q(fault="")),
        unsigned=Count("pk", filter=~Q(unsigned="")),
        unverified=Count("pk", filter=Q(verified_at=None)),
        verified_at=Min("verified_at"),
    )
    waiting = Waiting.unscoped.aggregate(unsealed=Count("pk"), waiting_since=Min("record__occurred_at"))
    return Standing(**logs, **waiting)
