"""OpenTelemetry: what metrics and spans become, counted once however often they come."""

import gzip
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.clock import standing_at
from accounts.models import TokenKind
from accounts.roles import Role
from aims.models import Aims
from operations import actions
from operations.models import Reading, Signal, Tally
from operations.otlp import metrics, traces
from operations.otlp.points import Malformed
from tests.api.make import a_machine
from tests.make import a_member
from tests.systems.make import a_system

NOON = clock.now().replace(minute=30, second=0, microsecond=0) - timedelta(hours=5)


def ns(at: datetime) -> str:
    return str(int(at.timestamp()) * 10**9)


def attrs(**told: Any) -> list[dict[str, Any]]:
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue"}
    return [{"key": name.replace("__", "."), "value": {kinds[type(value)]: value}} for name, value in told.items()]


def histogram(name: str, points: list[dict[str, Any]], *, temporality: Any = 1) -> dict[str, Any]:
    return {"name": name, "histogram": {"aggregationTemporality": temporality, "dataPoints": points}}


def point(at: datetime, total: float, count: int, *, since: datetime | None = None, **more: Any) -> dict[str, Any]:
    return {
        "startTimeUnixNano": ns(since or at - timedelta(minutes=1)),
        "timeUnixNano": ns(at),
        "count": str(count),
        "sum": total,
        "attributes": attrs(gen_ai__request__model="Claude Haiku", **more),
    }


def of_metrics(*told: dict[str, Any], system: str = "SYS-01") -> dict[str, Any]:
    resource = {"attributes": attrs(service__name=system)}
    return {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": list(told)}]}]}


def of_spans(*spans: dict[str, Any], **resource: str) -> dict[str, Any]:
    told = {"attributes": attrs(**(resource or {"service__name": "SYS-01"}))}
    return {"resourceSpans": [{"resource": told, "scopeSpans": [{"spans": list(spans)}]}]}


def span(at: datetime, seconds: int = 2, *, is_failed: bool = False, **more: Any) -> dict[str, Any]:
    about = {"gen_ai__request__model": "gpt-x", "gen_ai__operation__name": "chat"} | more
    return {
        "startTimeUnixNano": ns(at - timedelta(seconds=seconds)),
        "endTimeUnixNano": ns(at),
        "attributes": attrs(**about),
        "status": {"code": 2 if is_failed else 0},
    }


def take(officer: Actor, body: dict[str, Any], feed: str = "metrics") -> dict[str, int]:
    read = metrics.read if feed == "metrics" else traces.read
    return actions.take_telemetry(read(body), feed=feed, actor=officer)


def readings() -> dict[str, Decimal]:
    return {row.signal.key: row.value for row in Reading.objects.select_related("signal")}


def test_metrics_become_one_reading_an_hour(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    tokens = [point(NOON, 1200, 3, gen_ai__token__type="input"), point(NOON, 300, 3, gen_ai__token__type="output")]
    calls = [point(NOON, 4.5, 2), point(NOON, 0.5, 1, error__type="timeout")]
    body = of_metrics(
        histogram("gen_ai.client.token.usage", tokens),
        histogram("gen_ai.client.operation.duration", calls, temporality="AGGREGATION_TEMPORALITY_DELTA"),
    )
    with standing_at(NOON + timedelta(minutes=5)):
        assert take(officer, body) == {}
        assert take(officer, body) == {}
        assert take(officer, of_metrics(histogram("gen_ai.client.token.usage", [
            point(NOON + timedelta(minutes=1), 100, 1, gen_ai__token__type="input")
        ]))) == {}  # fmt: skip
        assert not Reading.objects.exists()
    with standing_at(NOON + timedelta(minutes=41)):
        assert actions.close_hours(actor=officer) == 5
        assert actions.close_hours(actor=officer) == 0
    assert readings() == {
        "tokens_in/claude-haiku": Decimal(1300),
        "tokens_out/claude-haiku": Decimal(300),
        "latency/claude-haiku": (Decimal(5) / 3).quantize(Decimal("1e-9")),
        "calls/claude-haiku": Decimal(3),
        "errors/claude-haiku": (Decimal(1) / 3).quantize(Decimal("1e-9")),
    }
    assert not Tally.objects.exists()


def test_a_cumulative_series_counts_by_what_it_grew(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    with standing_at(NOON + timedelta(minutes=9)):
        for minute, total in ((1, 100), (2, 250), (2, 250), (1, 100), (3, 400)):
            at = NOON + timedelta(minutes=minute)
            body = of_metrics(
                histogram("gen_ai.client.token.usage", [point(at, total, minute, since=NOON)], temporality=2)
            )
            assert take(officer, body) == {}
        restarted = point(NOON + timedelta(minutes=8), 30, 1, since=NOON + timedelta(minutes=7))
        take(officer, of_metrics(histogram("gen_ai.client.token.usage", [restarted], temporality=2)))
    assert [(row.total, row.size) for row in Tally.objects.all()] == [(Decimal(430), 4)]


def test_spans_tell_calls_latency_tokens_cost_and_errors(aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Support")
    body = of_spans(
        span(NOON, 2, gen_ai__usage__input_tokens=40, gen_ai__usage__output_tokens=8, gen_ai__usage__cost=0.002),
        span(NOON, 4, is_failed=True),
        span(NOON, 9, gen_ai__operation__name="execute_tool"),
        assay__system="support",
        service__name="somebody else",
    )
    with standing_at(NOON + timedelta(minutes=5)):
        assert take(officer, body, "traces") == {}
    with standing_at(NOON + timedelta(hours=2)):
        actions.close_hours(actor=officer)
    assert readings() == {
        "calls/gpt-x": Decimal(2),
        "latency/gpt-x": Decimal(3),
        "errors/gpt-x": Decimal("0.5"),
        "tokens_in/gpt-x": Decimal(40),
        "tokens_out/gpt-x": Decimal(8),
        "cost/gpt-x": Decimal("0.002"),
    }


def test_what_cannot_be_taken_is_left_out_with_its_reason(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    with standing_at(NOON):
        old = NOON - timedelta(days=8)
        assert take(officer, of_metrics(histogram("gen_ai.client.operation.duration", [point(old, 1, 1)]))) == {
            "a time lies more than seven days back": 1
        }
        unknown = of_metrics(histogram("gen_ai.client.operation.duration", [point(NOON, 1, 1)] * 2), system="nobody")
        assert take(officer, unknown) == {"there is no system with the id or code nobody": 2}
        assert take(officer, of_metrics(histogram("http.server.duration", [point(NOON, 1, 1)]))) == {
            "not a metric that is read here": 1
        }
        take(officer, of_spans(span(NOON)), "traces")
        (reason,) = take(officer, of_metrics(histogram("gen_ai.client.operation.duration", [
            point(NOON, 1, 1) | {"attributes": attrs(gen_ai__request__model="gpt-x")}
        ])))  # fmt: skip
        assert "would count twice" in reason
    assert Tally.objects.count() == 3


def test_late_telemetry_counts_to_the_hour_in_which_it_came(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    with standing_at(NOON + timedelta(hours=3)):
        take(officer, of_spans(span(NOON)), "traces")
        assert {row.hour for row in Tally.objects.all()} == {clock.now().replace(minute=0)}


def test_traffic_makes_no_more_queries_or_rows(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    counts = []
    with standing_at(NOON + timedelta(minutes=10)):
        take(officer, of_spans(span(NOON)), "traces")
        for number in (3, 300):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                take(officer, of_spans(*[span(NOON + timedelta(seconds=number))] * number), "traces")
            counts.append(len(queries))
    assert counts[0] == counts[1] < 15
    assert Tally.objects.count() == 3


BODY = of_spans(span(NOON))


@pytest.mark.parametrize(
    "body",
    [
        {"resourceSpans": {}},
        {"resourceSpans": [5]},
        {"resourceSpans": [{"resource": 5}]},
        {"resourceSpans": [{"resource": {"attributes": [{"key": 5}]}}]},
        {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": [{"key": "a", "value": 5}]}]}]}]},
        of_spans(span(NOON) | {"endTimeUnixNano": "noon"}),
        of_spans(span(NOON) | {"endTimeUnixNano": -1}),
        of_spans(span(NOON) | {"status": "bad"}),
        of_spans(span(NOON, gen_ai__usage__input_tokens="many")),
    ],
)
def test_malformed_spans_are_told_where(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        traces.read(body)


def test_the_door_answers_as_otlp_says(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    robot = a_machine(aims, officer, kind=TokenKind.SERVICE)
    fresh = of_spans(span(clock.now() - timedelta(seconds=5)))

    def send(data: bytes, place: str = "traces", **headers: str) -> Any:
        return robot.post(f"{robot.base}otlp/v1/{place}", data, content_type="application/json", headers=headers)

    first = send(json.dumps(fresh).encode())
    assert (first.status_code, first.json()) == (200, {})
    again = send(gzip.compress(json.dumps(fresh).encode()), **{"content-encoding": "gzip"})
    assert (again.status_code, Tally.objects.get(signal__key="calls/gpt-x").size) == (200, 1)
    lost = send(json.dumps(of_spans(span(NOON), service__name="nobody")).encode()).json()["partialSuccess"]
    assert lost == {"rejectedSpans": "1", "errorMessage": "1: there is no system with the id or code nobody"}
    assert send(json.dumps(of_metrics()).encode(), "metrics").json() == {}
    for data, headers, status in (
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'{"resourceSpans": 5}', {}, 400),
        (b'{"a":' * 40 + b"1" + b"}" * 40, {}, 400),
        (b"nonsense", {"content-encoding": "gzip"}, 400),
        (b"{}", {"content-encoding": "br"}, 400),
        (gzip.compress(b'{"a": "' + b"x" * 17 * 1024**2 + b'"}'), {"content-encoding": "gzip"}, 400),
        (b" " * (4 * 1024**2 + 1), {}, 413),
    ):
        answer = send(data, **headers)
        assert answer.status_code == status, (data[:20], answer.content)
        assert answer.json()["detail"]
        assert status == 413 or answer.json()["message"]
    protobuf = robot.post(f"{robot.base}otlp/v1/traces", b"\x0a", content_type="application/x-protobuf")
    assert protobuf.status_code == 415
    reader = a_machine(aims, a_member(aims, Role.REVIEWER, by=officer))
    answer = reader.post(f"{robot.base}otlp/v1/traces", b"{}", content_type="application/json")
    assert answer.status_code == 403
    assert Signal.objects.filter(feed="traces").count() == 3
