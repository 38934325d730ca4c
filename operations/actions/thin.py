"""Retention: readings past their age are kept by the day, and that is recorded."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from accounts import clock
from accounts.actor import Actor
from ledger.actions import record
from ledger.change import Change
from operations.events import THINNED
from operations.models import Batch, Gathering, LimitCrossing, Reading, Signal, Span
from operations.values import PLACES

PATIENCE = timedelta(days=7)  # so that a signal is thinned once a week, and leaves one record
AT_ONCE = 20_000
CHUNK = 500
REMEMBERS = timedelta(days=7)


@transaction.atomic
def thin(signal: Signal, *, actor: Actor) -> int:
    """Replace what is older than `keep_days` by one reading a day; return how many readings went.

    A day is the sum of its hours for volumes, else the mean weighted by sample sizes; its extremes are kept beside it.
    Readings that opened a crossing stay.
    """
    row = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    cutoff = datetime.combine(clock.now().date() - timedelta(days=row.keep_days), time(), UTC)
    kept = LimitCrossing.objects.filter(signal=row).values("reading_id")
    old = Reading.objects.filter(signal=row, at__lt=cutoff).exclude(span=Span.DAY).exclude(pk__in=kept)
    rows = list(old.order_by("at")[:AT_ONCE])
    if not rows or rows[0].at > cutoff - PATIENCE:
        return 0
    if len(rows) == AT_ONCE:
        rows = [one for one in rows if one.on < rows[-1].on] or rows
    days: dict[date, list[Reading]] = defaultdict(list)
    for one in rows:
        days[one.on].append(one)
    _replace(row, days, rows, actor)
    to = datetime.combine(max(days) + timedelta(days=1), time(), UTC)
    change = Change.of(row, thinned_to=to)
    change.after |= {"readings": len(rows), "days": len(days)}
    change.save(actor=actor)
    record(THINNED, row, actor=actor, change=change)
    return len(rows)


def _replace(signal: Signal, days: dict[date, list[Reading]], rows: Sequence[Reading], actor: Actor) -> None:
    made = [_day(signal, day, parts, actor) for day, parts in sorted(days.items())]
    there = Reading.objects.filter(signal=signal, key__in=[one.key for one in made]).values_list("key", flat=True)
    taken = set(there)
    Reading.objects.bulk_create([one for one in made if one.key not in taken], batch_size=CHUNK)
    for start in range(0, len(rows), CHUNK):
        Reading.objects.filter(pk__in=[one.pk for one in rows[start : start + CHUNK]]).delete()


def _day(signal: Signal, day: date, parts: Sequence[Reading], actor: Actor) -> Reading:
    values = [one.value for one in parts]
    weights = [Decimal(one.size if one.size is not None else 1) for one in parts]
    if signal.gathers == Gathering.SUM:
        value = sum(values, Decimal(0))
    elif sum(weights):
        value = sum((v * w for v, w in zip(values, weights, strict=True)), Decimal(0)) / sum(weights)
    else:
        value = sum(values, Decimal(0)) / len(values)
    sizes = [one.size for one in parts if one.size is not None]
    return Reading(
        aims_id=signal.aims_id,
        signal=signal,
        at=datetime.combine(day, time(), UTC),
        on=day,
        value=value.quantize(PLACES),
        size=sum(sizes) if sizes else None,
        low=min(one.low if one.low is not None else one.value for one in parts),
        high=max(one.high if one.high is not None else one.value for one in parts),
        span=Span.DAY,
        key=f"day:{day.isoformat()}",
        by=actor.pseudonym,
    )


def forget_batches() -> int:
    """Forget deliveries of spans that nobody sends again."""
    count, _by_model = Batch.objects.filter(at__lt=clock.now() - REMEMBERS).delete()
    return count
