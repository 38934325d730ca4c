"""`/v1/metrics`: gen_ai.client.token.usage, gen_ai.client.operation.duration, and cost where somebody measures it."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from operations.otlp.parts import attributes, each, instant, number, system_of, text, whole
from operations.otlp.points import CALLS, COST, ERRORS, LATENCY, TOKENS_IN, TOKENS_OUT, Amount, Heard, Observation

CUMULATIVE = (2, "AGGREGATION_TEMPORALITY_CUMULATIVE")
DELTA = (1, "AGGREGATION_TEMPORALITY_DELTA")
TOKENS = "gen_ai.client.token.usage"
DURATION = "gen_ai.client.operation.duration"
COSTS = ("gen_ai.client.cost", "gen_ai.usage.cost", "gen_ai.client.operation.cost")
Whose = tuple[str, list[tuple[str, Any]]]
MODELS = ("gen_ai.request.model", "gen_ai.response.model")


def read(body: Mapping[str, Any]) -> Heard:
    """Return what the metrics of a body tell; raises Malformed where it is no OTLP."""
    heard = Heard()
    for resource in each(body, "resourceMetrics"):
        whose = (system_of(resource), sorted(attributes(resource.get("resource") or {}).items()))
        for scope in each(resource, "scopeMetrics"):
            for metric in each(scope, "metrics"):
                _metric(heard, whose, metric)
    return heard


def _metric(heard: Heard, whose: Whose, metric: Mapping[str, Any]) -> None:
    name = metric.get("name")
    holder: Mapping[str, Any] = next(
        (metric[kind] for kind in ("histogram", "sum", "gauge") if isinstance(metric.get(kind), dict)), {}
    )
    points = list(each(holder, "dataPoints"))
    if name not in (TOKENS, DURATION, *COSTS):
        heard.reject(_("not a metric that is read here"), len(points))
    elif not whose[0]:
        heard.reject(_("the resource has neither assay.system nor service.name"), len(points))
    elif (temporality := holder.get("aggregationTemporality")) not in (*CUMULATIVE, *DELTA):
        heard.reject(_("%s has no aggregation temporality") % name, len(points))
    else:
        for point in points:
            _point(heard, whose, str(name), point, is_cumulative=temporality in CUMULATIVE)


def _point(heard: Heard, whose: Whose, name: str, point: Mapping[str, Any], *, is_cumulative: bool) -> None:
    found = attributes(point)
    started = whole(point.get("startTimeUnixNano", 0), "startTimeUnixNano")
    until = whole(point.get("timeUnixNano", 0), "timeUnixNano")
    total, size = _total(point)
    at = instant(until)
    if at is None:
        heard.reject(_("a point has no time"))
    elif total is None:
        heard.reject(_("a histogram point has no sum"))
    else:
        amounts = tuple(_amounts(name, found, total, size))
        since = started if is_cumulative else 0
        series = sha256(json.dumps([name, since, whose[1], sorted(found.items())]).encode()).hexdigest()
        model = text(found, *MODELS)
        heard.observations.append(Observation(whose[0], model, at, amounts, series, started, until, is_cumulative))


def _total(point: Mapping[str, Any]) -> tuple[Decimal | None, int]:
    """Return the total of a point and the number of calls it covers: a histogram's, or one."""
    if "count" in point:
        size = whole(point["count"], "count")
        told = point.get("sum", 0 if size == 0 else None)
        return (None if told is None else number(told, "sum")), size
    for name in ("asInt", "asDouble"):
        if name in point:
            return number(point[name], name), 1
    return None, 0


def _amounts(name: str, found: Mapping[str, Any], total: Decimal, size: int) -> Iterator[Amount]:
    if name == TOKENS:
        is_output = found.get("gen_ai.token.type") in ("output", "completion")
        yield Amount(TOKENS_OUT if is_output else TOKENS_IN, total, size)
    elif name == DURATION:
        yield Amount(LATENCY, total, size)
        yield Amount(CALLS, Decimal(size), size)
        yield Amount(ERRORS, Decimal(size if text(found, "error.type") else 0), size)
    else:
        yield Amount(COST, total, size)
