"""What is past its limit, the signals of a system, one signal, its evaluations, and the list to take away."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.cells import csv_bytes
from accounts.serving import attached
from aims.middleware import AimsRequest
from aims.queries import people
from ledger.queries import acts_about
from operations.cards import benchmark_lines, cards_of, chart_of, flag_of, limits_in_words, note_of
from operations.drift import FEWEST, is_enough
from operations.evaluations import evaluation_page, run_lines
from operations.figures import figure
from operations.models import Evaluation, LimitCrossing, Reading, Signal
from operations.permissions import may_answer, may_declare, may_deliver, may_set_limits, may_withdraw
from operations.queries import WEEKS, past_limits, readings_of_windows
from operations.values import plain
from systems.models import AiSystem

PAGE = 50
MOST_ROWS = 100_000


def system_called(request: AimsRequest, code: str) -> AiSystem:
    """Return a system by its code, or answer 404."""
    row: AiSystem = get_object_or_404(AiSystem.objects.select_related("owner"), code=code)
    row.aims = request.aims
    return row


def signal_called(system: AiSystem, code: str) -> Signal:
    """Return a signal of a system by its code, or answer 404."""
    rows = Signal.objects.select_related("owner", "limits_by", "of")
    row: Signal = get_object_or_404(rows, system=system, code=code)
    row.system = system
    return row


@require_GET
def portfolio(request: AimsRequest) -> HttpResponse:
    """Show everything that is past its limit, and how many signals each system has."""
    shown = Paginator(past_limits(), PAGE).get_page(request.GET.get("page"))
    counted = Count("signals", filter=Q(signals__crossings__until__isnull=True, signals__crossings__isnull=False))
    systems = AiSystem.objects.annotate(signal_count=Count("signals", distinct=True), past_count=counted)
    watched = systems.filter(signal_count__gt=0).order_by("-past_count", "code")[:PAGE]
    context = {
        "page_of": shown,
        "rows": [crossing_line(row) for row in shown],
        "watched": list(watched.values_list("code", "name", "signal_count", "past_count")),
    }
    return render(request, "operations/portfolio.html", context)


def crossing_line(row: LimitCrossing) -> dict[str, Any]:
    """Return what a list prints of a crossing."""
    signal = row.signal
    return {
        "pk": row.pk,
        "system": signal.system,
        "signal": signal,
        "flag": flag_of(signal, row),
        "note": note_of(signal, row),
        "value": figure(row.value, signal.unit),
        "owner": signal.owner.display_name if signal.owner else "",
        "row": row,
    }


@require_GET
def signals(request: AimsRequest, code: str) -> HttpResponse:
    """Show every signal of a system with twelve weeks of each."""
    system = system_called(request, code)
    context = {
        "system": system,
        "cards": cards_of(system, request.aims.slug),
        "may_deliver": may_deliver(request.actor, system),
    }
    return render(request, "operations/signals.html", context)


@require_GET
def signal(request: AimsRequest, code: str, signal: str) -> HttpResponse:
    """Show one signal: its chart, its crossings, what it must keep, its readings."""
    system = system_called(request, code)
    row = signal_called(system, signal)
    crossings = list(LimitCrossing.objects.filter(signal=row).select_related("answered_by").order_by("-since")[:PAGE])
    for one in crossings:
        one.signal = row
    standing = next((one for one in crossings if one.until is None), None)
    readings = Reading.objects.filter(signal=row).order_by("-at", "-pk")
    shown = Paginator(readings, PAGE).get_page(request.GET.get("page"))
    posters = {one.pseudonym: one.display_name for one in people().filter(pseudonym__in={one.by for one in shown})}
    context = {
        "system": system,
        "row": row,
        "chart": chart_of(row, None, standing),
        "standing": standing,
        "flag": flag_of(row, standing),
        "note": note_of(row, standing),
        "limits": limits_in_words(row),
        "drift": drift_in_words(row),
        "crossings": [crossing_line(one) for one in crossings],
        "page_of": shown,
        "readings": [reading_line(row, one, posters) for one in shown],
        "may_set_limits": may_set_limits(request.actor, row),
        "may_answer": standing is not None and may_answer(request.actor, standing),
        "acts": acts_about([row.ref, *(one.ref for one in crossings)], Signal, LimitCrossing, limit=10),
    }
    return render(request, "operations/signal.html", context)


def drift_in_words(row: Signal) -> str:
    """Say where a comparison with the reference window is to be found, or that there is not enough to tell."""
    sides = readings_of_windows(row)
    if sides is None:
        return ""
    before, now = (side.count() for side in sides)
    if not is_enough(before, now):
        words = _("Not enough to tell: %(before)s readings there, %(now)s now, and %(fewest)s are needed of each.")
        return words % {"before": before, "now": now, "fewest": FEWEST}
    return _("Compared every night; the results are signals of their own.")


def reading_line(signal: Signal, row: Reading, posters: dict[str, str]) -> dict[str, Any]:
    """Return what the table prints of a reading."""
    return {
        "at": row.at,
        "value": figure(row.value, signal.unit),
        "size": "" if row.size is None else figure(row.size),
        "is_past": bool(signal.side(row.value)),
        "span": row.get_span_display() if row.span else "",
        "by": posters.get(row.by, row.by),
    }


@require_GET
def export(request: AimsRequest, code: str) -> HttpResponse:
    """Hand out twelve weeks of a system's readings as a table."""
    system = system_called(request, code)
    since = clock.now() - timedelta(weeks=WEEKS)
    rows = Reading.objects.filter(signal__system=system, at__gte=since).order_by("signal__code", "at", "pk")
    names = ("signal__code", "signal__key", "signal__unit", "at", "value", "size", "span", "by")
    head = [_("Signal"), _("Key"), _("Unit"), _("At"), _("Value"), _("Sample size"), _("Stands for"), _("Posted by")]
    table = [
        [signal, key, unit, at.isoformat(), plain(value), size, span, by]
        for signal, key, unit, at, value, size, span, by in rows.values_list(*names)[:MOST_ROWS]
    ]
    return attached(csv_bytes([head, *table]), f"{system.code}-readings.csv", "text/csv; charset=utf-8")


@require_GET
def evaluations(request: AimsRequest, code: str) -> HttpResponse:
    """Show the benchmarks of a system and every run that was recorded."""
    system = system_called(request, code)
    rows: QuerySet[Evaluation] = Evaluation.objects.filter(system=system).order_by("-done_at", "-pk")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "system": system,
        "benchmarks": benchmark_lines(system),
        "page_of": shown,
        "runs": run_lines(shown),
        "may_declare": may_declare(request.actor, system),
        "may_deliver": may_deliver(request.actor, system),
    }
    return render(request, "operations/evaluations.html", context)


@require_GET
def evaluation(request: AimsRequest, code: str, run: str) -> HttpResponse:
    """Show one run: its metrics, its threshold, where it came from."""
    system = system_called(request, code)
    row = get_object_or_404(Evaluation.objects.select_related("by"), system=system, code=run)
    context = {
        "system": system,
        "run": evaluation_page(row),
        "may_withdraw": may_withdraw(request.actor, system) and row.withdrawn_at is None,
        "acts": acts_about([row.ref], Evaluation, limit=10),
    }
    return render(request, "operations/evaluation.html", context)
