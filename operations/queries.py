"""Questions about signals: their days, their newest readings, their crossings; each one query, however many rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Avg, FloatField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from accounts import clock
from aims.history import rows_at
from operations.figures import Point
from operations.models import Evaluation, Gathering, LimitCrossing, Reading, Signal
from systems.models import AiSystem

WEEKS = 12
MOST_SIGNALS = 200
MOST_RUNS = 200


def first_day(last: date) -> date:
    """Return the first day of the twelve weeks that end on a day."""
    return last - timedelta(days=7 * WEEKS - 1)


def signals_of(system_id: int, at: datetime | None = None) -> list[Signal]:
    """Return the signals of a system, now or as they stood at an instant, by code."""
    rows = rows_at(Signal, at, system=system_id).select_related("owner", "limits_by")
    return list(rows.order_by("code")[:MOST_SIGNALS])


def days_of(signals: Iterable[Signal], last: date) -> dict[int, list[Point]]:
    """Return twelve weeks of each signal by the day, oldest first: sums of volumes, means of all others."""
    adds = {row.pk: row.gathers == Gathering.SUM for row in signals}
    rows = Reading.objects.filter(signal__in=adds, on__gte=first_day(last), on__lte=last)
    grouped = rows.values("signal_id", "on").annotate(
        mean=Avg("value", output_field=FloatField()),
        total=Sum("value", output_field=FloatField()),
        least=Min("value", output_field=FloatField()),
        most=Max("value", output_field=FloatField()),
    )
    found: dict[int, list[Point]] = defaultdict(list)
    for signal, on, mean, total, least, most in grouped.order_by("signal_id", "on").values_list(
        "signal_id", "on", "mean", "total", "least", "most"
    ):
        found[signal].append(Point(on, total if adds[signal] else mean, least, most))
    return found


def newest_of(signals: Collection[int], at: datetime | None = None) -> dict[int, tuple[datetime, Decimal]]:
    """Return the instant and value of each signal's newest reading, by its id."""
    until = Q() if at is None else Q(at__lte=at)
    newest = Reading.objects.filter(until, signal=OuterRef("pk")).order_by("-at", "-pk")
    rows = Signal.objects.filter(pk__in=signals).annotate(
        last_at=Subquery(newest.values("at")[:1]), last_value=Subquery(newest.values("value")[:1])
    )
    return {
        pk: (last_at, value)
        for pk, last_at, value in rows.order_by().values_list("pk", "last_at", "last_value")
        if last_at is not None
    }


def standing_crossings(signals: Collection[int], at: datetime | None = None) -> dict[int, LimitCrossing]:
    """Return the crossing each signal is in, now or at an instant, by the signal's id."""
    stands = Q(until__isnull=True) if at is None else Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
    rows = LimitCrossing.objects.filter(stands, signal__in=signals).select_related("answered_by").order_by("since")
    return {row.signal_id: row for row in rows}


def readings_of_windows(signal: Signal) -> tuple[QuerySet[Reading], QuerySet[Reading]] | None:
    """Return the readings of the reference window, and those of the last `window_days` that lie after it."""
    if signal.reference_from is None or signal.reference_to is None:
        return None
    begin = datetime.combine(signal.reference_from, time(), UTC)
    end = datetime.combine(signal.reference_to, time(), UTC) + timedelta(days=1)
    since = max(clock.now() - timedelta(days=signal.window_days), end)
    rows = Reading.objects.filter(signal=signal)
    return rows.filter(at__gte=begin, at__lt=end), rows.filter(at__gte=since, at__lte=clock.now())


def runs_since(system: AiSystem, since: datetime) -> QuerySet[Evaluation]:
    """Return the newest 200 runs of the version in use after an instant; those that were withdrawn count no more."""
    rows = Evaluation.objects.filter(system=system, model_version=system.model_version, done_at__gt=since)
    return rows.filter(withdrawn_at__isnull=True).order_by("-done_at", "-pk")[:MOST_RUNS]


def newest_pass(system: AiSystem, since: datetime) -> Evaluation | None:
    """Return the newest run after an instant that the version in use passed."""
    return next((run for run in runs_since(system, since) if run.passed), None)


def past_limits() -> QuerySet[LimitCrossing]:
    """Return everything of the AIMS that is past its limit, longest first, with what a list shows of it."""
    rows = LimitCrossing.objects.filter(until__isnull=True)
    return rows.select_related("signal__system", "signal__owner", "answered_by").order_by("since", "pk")
