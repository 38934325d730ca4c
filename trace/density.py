"""How busy the management system was over its life, for the way back in time: bars, and what stands out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext as _

from accounts import clock
from aims.models import Aims
from audits.models import Milestone, MilestoneKind
from ledger.models import Log, Record
from soa.models import StatementVersion, VersionState
from trace.remembered import remembered

BARS = 52
PITCH, HEIGHT, GAP, LEAST = 10, 26, 2, 2
APART = 10.0
FIRST = 16.0
APPROVED = (VersionState.APPROVED, VersionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Bar:
    """A period's records as a rectangle of the drawing."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Landmark:
    """A day that stands out: its name on the axis, the place there in percent, and the whole sentence."""

    name: str
    on: date
    place: str
    told: str
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Density:
    """The life of an AIMS from its founding to today; `days` is how long a bar is."""

    first: date
    last: date
    bars: tuple[Bar, ...]
    width: int
    landmarks: tuple[Landmark, ...]
    days: int


def density(aims: Aims, log: Log) -> Density:
    """Return the records of each period since the founding, and the days that stand out; three queries."""
    last = clock.today(aims.time_zone)
    first = min(aims.created_at.astimezone(ZoneInfo(aims.time_zone)).date(), last)
    span = (last - first).days + 1
    step = ceil(span / BARS)
    heights = _per_bar(remembered(log, per_day), first, step)
    count = ceil(span / step)
    most = max((heights[bar] for bar in range(count)), default=0)
    bars = tuple(_bar(bar, heights[bar], most) for bar in range(count) if heights[bar])
    return Density(first, last, bars, count * PITCH, tuple(_landmarks(aims, first, last)), step)


def per_day() -> dict[str, int]:
    """Count the records of each day (UTC); the text of the instant begins with it on both databases."""
    day = Substr(Cast("occurred_at", CharField()), 1, 10)
    rows = Record.objects.annotate(day=day).values_list("day").annotate(records=Count("pk")).order_by()
    return dict(rows)


def _per_bar(days: Mapping[str, int], first: date, step: int) -> Counter[int]:
    bars: Counter[int] = Counter()
    for day, records in days.items():
        bars[max((date.fromisoformat(day) - first).days, 0) // step] += records
    return bars


def _bar(place: int, records: int, most: int) -> Bar:
    height = max(LEAST, round(records / most * (HEIGHT - 1)))
    return Bar(place * PITCH + GAP // 2, HEIGHT - height, PITCH - GAP, height)


def _landmarks(aims: Aims, first: date, last: date) -> Iterator[Landmark]:
    """In order of time; on the axis only those that do not run into the one before or into its ends."""
    edge = FIRST
    for on, name, told in sorted(_days(aims)):
        if first <= on <= last:
            place = (on - first).days / max((last - first).days, 1) * 100
            is_drawn = edge <= place <= 100 - APART
            edge = place + APART if is_drawn else edge
            yield Landmark(name, on, f"{place:.1f}%", told, is_drawn)


def _days(aims: Aims) -> Iterable[tuple[date, str, str]]:
    zone = ZoneInfo(aims.time_zone)
    versions = StatementVersion.objects.filter(state__in=APPROVED).values_list("number", "decided_at")
    for number, at in versions:
        if at is not None:
            words = {"n": number}
            yield at.astimezone(zone).date(), _("v%(n)s") % words, _("Version %(n)s was approved") % words
    issued = Milestone.objects.filter(kind=MilestoneKind.ISSUED, withdrawn_at__isnull=True)
    for on in issued.values_list("held_on", flat=True):
        if on is not None:
            yield on, _("Certificate"), _("The certificate was issued")
