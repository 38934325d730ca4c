"""How far sealing and verifying have come over all logs, for those who keep an installation running."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from ledger.holding import within
from ledger.models import Log, Record, Waiting

LOOKED_AT = 100


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
    """Return how all logs stand: two queries, and one for each AIMS whose records wait, which seconds later is none."""
    logs = Log.unscoped.aggregate(
        logs=Count("pk"),
        halted=Count("pk", filter=~Q(halted="")),
        faulty=Count("pk", filter=~Q(fault="")),
        unsigned=Count("pk", filter=~Q(unsigned="")),
        unverified=Count("pk", filter=Q(verified_at=None)),
        verified_at=Min("verified_at"),
    )
    waiting = dict(Waiting.unscoped.values_list("aims_id").annotate(n=Count("pk")).order_by("aims_id"))
    since = [_waiting_since(aims_id) for aims_id in list(waiting)[:LOOKED_AT]]
    return Standing(**logs, unsealed=sum(waiting.values()), waiting_since=min(filter(None, since), default=None))


def _waiting_since(aims_id: int) -> datetime | None:
    """Records are their AIMS's to see, so that nobody sees them all at once."""
    with within(aims_id):
        rows = Record.unscoped.filter(waiting__aims_id=aims_id, aims_id=aims_id)
        since: datetime | None = rows.aggregate(since=Min("occurred_at"))["since"]
    return since
