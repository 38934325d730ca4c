"""Take what OpenTelemetry tells: added up by the hour, so that traffic makes 24 readings a day and signal.

A cumulative series counts by what it grew since it was last read, a delta series only from where it was last read, and
spans once for each body. What comes later than ten minutes after its hour counts to the hour in which it came.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from operations.actions.judge import judge
from operations.actions.readings import reading
from operations.actions.signals import new_signal
from operations.models import Batch, Gathering, Reading, Signal, Span, Stream, Tally
from operations.otlp.points import Amount, Heard, Observation
from operations.permissions import may_send_telemetry
from operations.values import MOST, PLACES, SKEW
from systems.models import AiSystem

HOUR = timedelta(hours=1)
GRACE = timedelta(minutes=10)
OLDEST = timedelta(days=7)
UNFIT = re.compile(r"[^a-z0-9._:-]+")
Sums = dict[tuple[int, datetime], tuple[Decimal, int]]


@transaction.atomic
def take_telemetry(heard: Heard, *, feed: str, digest: str = "", actor: Actor) -> dict[str, int]:
    """Add observations to the hours of their signals, which are made as needed; return what was left out, by reason."""
    require(may_send_telemetry(actor), _("Your role does not allow to send telemetry."))
    if digest and not _is_first(digest):
        return {}
    left_out = Heard(rejected=dict(heard.rejected))
    systems = _systems(heard.observations)
    by_system: dict[int, list[Observation]] = defaultdict(list)
    for seen in heard.observations:
        system = systems.get(seen.system.lower())
        if reason := _why_not(seen, system):
            left_out.reject(reason)
        elif system is not None:
            by_system[system.pk].append(seen)
    for system in sorted({row.pk: row for row in systems.values()}.values(), key=lambda row: row.pk):
        _add(system, by_system.get(system.pk, ()), feed, left_out, actor)
    return left_out.rejected


def _is_first(digest: str) -> bool:
    return Batch.objects.get_or_create(aims_id=current_aims_id(), sha256=digest)[1]


def _systems(observations: Iterable[Observation]) -> dict[str, AiSystem]:
    """Return systems by id and code in small letters, those that telemetry names; one query."""
    asked = Q(pk__in=())
    for name in sorted({seen.system for seen in observations if len(seen.system) <= 100})[:100]:
        asked |= Q(key__iexact=name) | Q(code__iexact=name)
    rows = AiSystem.objects.select_for_update(of=("self",)).select_related("owner").filter(asked)
    return {name.lower(): row for row in rows for name in (row.code, row.key) if name}


def _why_not(seen: Observation, system: AiSystem | None) -> str:
    now = clock.now()
    if system is None:
        return _("there is no system with the id or code %s") % seen.system[:100]
    if seen.at > now + SKEW:
        return _("a time lies in the future")
    return _("a time lies more than seven days back") if seen.at < now - OLDEST else ""


def _add(system: AiSystem, seen: Sequence[Observation], feed: str, left_out: Heard, actor: Actor) -> None:
    if not seen:
        return
    rows = Signal.objects.select_for_update(of=("self",)).filter(system=system).order_by("pk")
    signals = {row.key: row for row in rows}
    taken: list[tuple[Signal, Observation, Amount]] = []
    for one in seen:
        whys = {why for amount in one.amounts if (why := _take(system, one, amount, signals, feed, taken, actor))}
        if whys:
            left_out.reject(min(whys))
    grown = _grown(taken)
    _tally(system, grown)


def _take(
    system: AiSystem,
    seen: Observation,
    amount: Amount,
    signals: dict[str, Signal],
    feed: str,
    taken: list[tuple[Signal, Observation, Amount]],
    actor: Actor,
) -> str:
    """Find or make the signal of an amount; return why it cannot be taken, if so."""
    model = seen.model or "unknown"
    key = f"{amount.measure.key}/{UNFIT.sub('-', model.lower())[:100]}"
    signal = signals.get(key)
    if signal is None:
        about = amount.measure
        try:
            signal = new_signal(
                system, actor=actor, key=key, name=f"{about.name}, {model}"[:160], kind=about.kind, unit=about.unit,
                gathers=about.gathers, feed=feed,
            )  # fmt: skip
        except Refusal as refusal:
            return refusal.message
        signals[key] = signal
    if signal.feed != feed:
        told = {"key": key, "feed": signal.get_feed_display()}
        return _("%(key)s comes from elsewhere already (%(feed)s), and would count twice") % told
    taken.append((signal, seen, amount))
    return ""


def _grown(taken: Sequence[tuple[Signal, Observation, Amount]]) -> Sums:
    """Return what each hour of each signal grew by, reading every series on from where it was last read."""
    series = {seen.series for _signal, seen, _amount in taken if seen.series}
    known = {
        (row.signal_id, row.digest): row
        for row in Stream.objects.filter(signal__in={signal.pk for signal, _s, _a in taken}, digest__in=series)
    }
    sums: Sums = defaultdict(lambda: (Decimal(0), 0))
    for signal, seen, amount in sorted(taken, key=lambda one: one[1].until_ns):
        total, size = _growth(known, signal, seen, amount) if seen.series else (amount.total, amount.size)
        at = signal.pk, _hour(seen.at)
        sums[at] = (sums[at][0] + total, sums[at][1] + size)
    changed = [row for row in known.values() if row.pk is not None]
    Stream.objects.bulk_create([row for row in known.values() if row.pk is None], batch_size=500)
    Stream.objects.bulk_update(changed, ["started_ns", "until_ns", "total", "size"], batch_size=200)
    return {at: grown for at, grown in sums.items() if any(grown)}


def _growth(
    known: dict[tuple[int, str], Stream], signal: Signal, seen: Observation, amount: Amount
) -> tuple[Decimal, int]:
    """Return what a point adds to its series, and read the series on; nothing for a point that was read before."""
    stream = known.get((signal.pk, seen.series))
    if stream is None:
        stream = Stream(aims_id=signal.aims_id, signal=signal, digest=seen.series, until_ns=0, total=0, size=0)
        known[signal.pk, seen.series] = stream
    if seen.until_ns <= stream.until_ns:
        return Decimal(0), 0
    before = (stream.total, stream.size) if seen.is_cumulative else (Decimal(0), 0)
    stream.started_ns, stream.until_ns = seen.started_ns, seen.until_ns
    stream.total, stream.size = amount.total.quantize(PLACES), amount.size
    return amount.total - before[0], max(amount.size - before[1], 0)


def _hour(at: datetime) -> datetime:
    now = clock.now()
    hour = _begin(min(at, now))
    return hour if hour + HOUR + GRACE > now else _begin(now)


def _begin(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _tally(system: AiSystem, grown: Mapping[tuple[int, datetime], tuple[Decimal, int]]) -> None:
    """Add to the hours that are open; their signals are held."""
    signals = {signal for signal, _at in grown}
    hours = {at for _signal, at in grown}
    there = {(row.signal_id, row.hour): row for row in Tally.objects.filter(signal__in=signals, hour__in=hours)}
    fresh = []
    for (signal, hour), (total, size) in grown.items():
        row = there.get((signal, hour))
        if row is None:
            fresh.append(Tally(aims_id=system.aims_id, signal_id=signal, hour=hour, total=_kept(total), size=size))
        else:
            row.total, row.size = _kept(row.total + total), row.size + size
    Tally.objects.bulk_create(fresh, batch_size=500)
    Tally.objects.bulk_update(there.values(), ["total", "size"], batch_size=200)


def _kept(total: Decimal) -> Decimal:
    return max(min(total, MOST - 1), 1 - MOST).quantize(PLACES)


@transaction.atomic
def close_hours(*, actor: Actor) -> int:
    """Make readings of the hours that are over, judge their signals, and return how many there were."""
    over = Tally.objects.filter(hour__lte=clock.now() - HOUR - GRACE)
    signals = Signal.objects.select_for_update(of=("self",)).select_related("system__owner", "owner")
    held = {row.pk: row for row in signals.filter(pk__in=over.values("signal_id")).order_by("pk")}
    tallies = list(over.filter(signal__in=held).order_by("hour")[:5_000])
    made = [_reading(held[row.signal_id], row, actor) for row in tallies]
    Reading.objects.bulk_create([one for one in made if one], batch_size=500, ignore_conflicts=True)
    for start in range(0, len(tallies), 500):
        Tally.objects.filter(pk__in=[row.pk for row in tallies[start : start + 500]]).delete()
    for signal in sorted({row.signal_id for row in tallies}):
        if held[signal].has_limits:
            judge(held[signal], actor=actor)
    return len(tallies)


def _reading(signal: Signal, tally: Tally, actor: Actor) -> Reading | None:
    """Return the reading of an hour; a mean of nothing is none."""
    is_mean = signal.gathers == Gathering.MEAN
    if is_mean and not tally.size:
        return None
    value = (tally.total / tally.size).quantize(PLACES) if is_mean else tally.total
    key = f"hour:{tally.hour:%Y%m%dT%H}"
    return reading(signal, tally.hour, value, size=tally.size, span=Span.HOUR, key=key, by=actor.pseudonym)
