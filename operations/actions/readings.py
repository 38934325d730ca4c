"""Post readings: all of a delivery or none, each named fault told, and nothing new for what was posted before."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import NotAllowed, Refusal, require
from operations.actions.judge import judge
from operations.models import Feed, Reading, Signal, day_of
from operations.permissions import may_deliver, may_send_telemetry
from operations.values import Unfit, decimal_of, instant_of, is_storable, plain, whole_of
from systems.models import AiSystem

MOST = 10_000
TOLD_FAULTS = 100
CHUNK = 500
FIELDS = frozenset({"signal", "system", "at", "value", "size", "key"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one reading of a delivery, by its place from 0."""

    place: int
    field: str
    words: str


class Faulty(Refusal):
    """A delivery with faults; nothing of it was kept."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        count = len(faults)
        super().__init__(
            _("%s of the readings cannot be kept. Nothing was kept; mend them and post all again.") % count
        )
        self.faults = tuple(faults[:TOLD_FAULTS])


@dataclass(frozen=True, slots=True)
class Posted:
    """How many readings are new, and how many were there before."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class _Told:
    place: int
    signal: Signal
    at: datetime
    value: Decimal
    size: int | None
    key: str


@transaction.atomic
def post_readings(items: Sequence[Any], *, actor: Actor) -> Posted:
    """Keep readings given as mappings of signal, system, at, value, size and key; raises Faulty, and then keeps none.

    A signal is named by its code, or by its key with the system's id or code. The same key, or the same instant and
    value, is the same reading.
    """
    require(delivers(actor), _("Your role does not allow to deliver readings."))
    if not items or len(items) > MOST:
        raise Refusal(_("A delivery has 1 to %s readings.") % MOST, field="readings")
    signals = _signals(items)
    told, faults = _read(items, signals, actor)
    if faults:
        raise Faulty(faults)
    by_signal: dict[int, list[_Told]] = defaultdict(list)
    for one in told:
        by_signal[one.signal.pk].append(one)
    held = Signal.objects.select_for_update(of=("self",)).select_related("system__owner", "owner")
    posted = [_keep(signal, by_signal[signal.pk], actor) for signal in held.filter(pk__in=by_signal).order_by("pk")]
    return Posted(sum(one.new for one in posted), sum(one.known for one in posted))


def _signals(items: Sequence[Any]) -> Callable[[Any, Any], Signal | None]:
    """Return how to find the signals of a delivery, all of them fetched in one query."""
    told = (item.get("signal") for item in items if isinstance(item, Mapping))
    names = {name for name in told if isinstance(name, str) and is_storable(name)}
    rows = Signal.objects.select_related("system")
    asked = sorted(names)
    found: dict[tuple[str, str], Signal] = {}
    for part in _chunks(asked):
        for row in rows.filter(Q(code__in=part) | Q(key__in=part)):
            found["", row.code] = row
            for system in (row.system.code, row.system.key):
                found[system.lower(), row.key] = row

    def find(system: Any, name: Any) -> Signal | None:
        if not isinstance(name, str) or not isinstance(system, str | None):
            return None
        return found.get((system.lower() if system else "", name))

    return find


def _read(
    items: Sequence[Any], find: Callable[[Any, Any], Signal | None], actor: Actor
) -> tuple[list[_Told], list[Fault]]:
    told: list[_Told] = []
    faults: list[Fault] = []
    allowed: dict[int, bool] = {}
    for place, item in enumerate(items):
        try:
            told.append(_one(place, item, find))
        except _AtField as fault:
            faults.append(Fault(place, fault.field, fault.words))
    for one in told:
        if one.signal.system_id not in allowed:
            allowed[one.signal.system_id] = may_deliver(actor, one.signal.system)
        if not allowed[one.signal.system_id]:
            raise NotAllowed(_("Your role does not allow to deliver for %s.") % one.signal.system.code)
    return told, faults


def delivers(actor: Actor) -> bool:
    """Whether the actor delivers for any system, so that faults are theirs to hear of."""
    owned = AiSystem.objects.filter(owner__isnull=False)
    return may_send_telemetry(actor) or any(may_deliver(actor, row) for row in owned.only("owner"))


class _AtField(Exception):
    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def _one(place: int, item: Any, find: Callable[[Any, Any], Signal | None]) -> _Told:
    if not isinstance(item, Mapping):
        raise _AtField("", _("A reading is an object with signal, at and value."))
    if strange := sorted(str(name) for name in item.keys() - FIELDS):
        raise _AtField(strange[0][:40], _("A reading has no such field."))
    signal = find(item.get("system"), item.get("signal"))
    if signal is None:
        raise _AtField("signal", _("There is no such signal. Name its code, or its key and its system."))
    if signal.feed != Feed.POSTED:
        raise _AtField("signal", _("The readings of this signal come from elsewhere and cannot be posted."))
    at, value = _fit("at", instant_of, item.get("at")), _fit("value", decimal_of, item.get("value"))
    if signal.thinned_to and at < signal.thinned_to:
        raise _AtField("at", _("Readings of that time are kept by the day, and nothing can be added."))
    size, key = _fit("size", whole_of, item.get("size")), item.get("key")
    if key is not None and (not isinstance(key, str) or not 0 < len(key) <= 100 or not is_storable(key)):
        raise _AtField("key", _("A key has 1 to 100 characters."))
    return _Told(place, signal, at, value, size, f"k:{key}" if key else _own_key(at, value))


def _fit(field: str, rule: Callable[[Any], Any], told: Any) -> Any:
    try:
        return rule(told)
    except Unfit as unfit:
        raise _AtField(field, str(unfit)) from unfit


def _own_key(at: datetime, value: Decimal) -> str:
    return f"@{at:%Y%m%dT%H%M%S.%f}={plain(value)}"


def _keep(signal: Signal, told: Sequence[_Told], actor: Actor) -> Posted:
    """Keep what is new of one signal, whose row is held, and judge it once."""
    keys, moments = _known(signal, told)
    fresh: list[Reading] = []
    faults: list[Fault] = []
    for one in told:
        there = keys.get(one.key)
        if there is not None and there != (one.at, one.value):
            faults.append(Fault(one.place, "key", _("This key was posted with another instant or value.")))
        if there is None and (one.at, one.value) not in moments:
            fresh.append(reading(signal, one.at, one.value, size=one.size, key=one.key, by=actor.pseudonym))
        keys[one.key] = (one.at, one.value)
        moments.add((one.at, one.value))
    if faults:
        raise Faulty(faults)
    Reading.objects.bulk_create(fresh, batch_size=CHUNK)
    if fresh:
        judge(signal, actor=actor)
    return Posted(len(fresh), len(told) - len(fresh))


def _known(
    signal: Signal, told: Sequence[_Told]
) -> tuple[dict[str, tuple[datetime, Decimal]], set[tuple[datetime, Decimal]]]:
    keys: dict[str, tuple[datetime, Decimal]] = {}
    moments: set[tuple[datetime, Decimal]] = set()
    rows = Reading.objects.filter(signal=signal)
    for part in _chunks(list(told)):
        there = Q(key__in=[one.key for one in part]) | Q(at__in=[one.at for one in part])
        for key, at, value in rows.filter(there).values_list("key", "at", "value"):
            keys[key] = (at, value)
            moments.add((at, value))
    return keys, moments


def reading(signal: Signal, at: datetime, value: Decimal, **more: Any) -> Reading:
    """Return a reading to be added."""
    return Reading(aims_id=signal.aims_id, signal=signal, at=at, on=day_of(at), value=value, **more)


def _chunks(rows: Sequence[Any]) -> Iterable[Any]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
