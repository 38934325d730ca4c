"""Twelve weeks of hourly readings of 20 signals: drawing them all, and posting 10,000 readings; SQLite."""

import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import process_time
from typing import Any

from bench.place import fresh
from bench.table import Row, show

SIGNALS = 20
HOURS = 24 * 84
DRAWN = 100.0  # ms of CPU
TIMES = 10
BATCH = 10_000


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("monitoring", "measure"))
    rows = [
        Row("signals, readings", f"{SIGNALS}, {SIGNALS * HOURS}"),
        Row("CPU to draw them all", f"{found['drawn']:.0f} ms", f"at most {DRAWN:.0f} ms", found["drawn"] <= DRAWN),
        Row("queries", str(found["queries"]), "at most 4", found["queries"] <= 4),
        Row("CPU of a post of 10,000 readings", f"{found['posted']:.0f} ms"),
        Row("the same again", f"{found['again']:.0f} ms"),
    ]
    return show((__doc__ or "").strip(), rows)


def measure() -> dict[str, Any]:
    """Fill a system with readings, draw its signals, post to one of them."""
    import django

    django.setup()
    from accounts.context import acting_in
    from accounts.models import User
    from aims.actions import found
    from operations.actions import declare_signal
    from systems.actions import register

    officer = User.objects.create_user("b@example.org", name="Bench Officer")
    aims, actor = found("Bench", founder=officer, roles_played=["provider"], slug="bench")
    with acting_in(aims, actor):
        system = register(actor=actor, name="Ranker", purpose="Ranks")
        about = {"kind": "quality", "actor": actor}
        signals = [declare_signal(system, key=f"s{n}", name=f"Signal {n}", **about) for n in range(SIGNALS + 1)]
        _fill(aims, signals[:SIGNALS])
        return _drawn(system) | _posted(signals[-1], actor)


def _fill(aims: Any, signals: list[Any]) -> None:
    from operations.models import Reading

    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [end - timedelta(hours=number) for number in range(HOURS)]
    for signal in signals:
        rows = (
            Reading(aims=aims, signal=signal, at=at, on=at.date(), value=Decimal(at.hour), key=str(at), by="bench")
            for at in hours
        )
        Reading.objects.bulk_create(rows, batch_size=500)


def _drawn(system: Any) -> dict[str, Any]:
    from django.db import connection

    from operations.cards import cards_of

    queries: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        cards_of(system, "bench")
    begun = process_time()
    for _turn in range(TIMES):
        cards_of(system, "bench")
    return {"drawn": (process_time() - begun) / TIMES * 1000, "queries": len(queries)}


def _posted(signal: Any, actor: Any) -> dict[str, Any]:
    from operations.actions import post_readings

    end = datetime.now(UTC)
    items = [
        {"signal": signal.code, "at": (end - timedelta(minutes=number)).isoformat(), "value": number}
        for number in range(BATCH)
    ]
    took = []
    for _turn in range(2):
        begun = process_time()
        post_readings(items, actor=actor)
        took.append((process_time() - begun) * 1000)
    return {"posted": took[0], "again": took[1]}


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
