"""What the systems did in operation: signals with weekly readings, benchmarks they must pass, and their runs."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from accounts import clock
from accounts.actor import Actor
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from operations.actions import (
    Result,
    declare_benchmark,
    declare_signal,
    post_readings,
    record_evaluation,
    set_limits,
)
from operations.models import Signal

WEEK = timedelta(weeks=1)


def acts(stage: Stage, told: Data) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for row in told["signals"]:
        yield Act(stage.at(row["at"]), row["who"], partial(_declare, stage, row))
        last = stage.at(told["last"])
        for place, value in enumerate(reversed(row["values"])):
            yield Act(last - place * WEEK, row["who"], partial(_read, row, value))
    for row in told["benchmarks"]:
        yield Act(stage.at(row["at"]), row["who"], partial(_ask, stage, row))
    for row in told["runs"]:
        yield Act(stage.at(row["at"]), row["who"], partial(_run, stage, row))


def _declare(stage: Stage, row: Data, actor: Actor) -> None:
    about = {name: row[name] for name in ("key", "name", "kind", "unit", "direction") if name in row}
    signal = declare_signal(stage.system(row["system"]), **about, actor=actor)
    limits: dict[str, Any] = {name: Decimal(row[name]) for name in ("lower", "upper") if name in row}
    if limits:
        set_limits(
            signal, seen=1, actor=actor, reason=row.get("why", ""), back_after=row.get("back_after", 3), **limits
        )


def _read(row: Data, value: float, actor: Actor) -> None:
    signal = Signal.objects.select_related("system").get(system__code=row["system"], key=row["key"])
    reading = {"signal": signal.code, "at": clock.now().isoformat(), "value": value, "size": row.get("size")}
    post_readings([reading], actor=actor)


def _ask(stage: Stage, row: Data, actor: Actor) -> None:
    terms = {"name": row["name"], "metric": row["metric"], "threshold": Decimal(row["threshold"])}
    declare_benchmark(stage.system(row["system"]), **terms, max_age_days=row.get("days", 180), actor=actor)


def _run(stage: Stage, row: Data, actor: Actor) -> None:
    metrics = {name: Decimal(str(value)) for name, value in row["metrics"].items()}
    record_evaluation(
        stage.system(row["system"]), Result(row["name"], metrics, model_version=row["version"]), actor=actor
    )
