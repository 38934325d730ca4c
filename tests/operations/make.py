"""Typed makers of what systems do in operation; each goes through the actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts import clock
from accounts.actor import Actor
from operations.actions import Result, declare_signal, post_readings, record_evaluation, set_limits
from operations.models import Evaluation, Signal
from systems.models import AiSystem
from tests.systems.make import a_system

_number = count(1)


def a_signal(
    actor: Actor, system: AiSystem | None = None, *, limits: dict[str, Any] | None = None, **more: Any
) -> Signal:
    """A declared signal; `limits` are set at once."""
    system = system or a_system(actor)
    about = {"key": f"signal-{next(_number)}", "name": "Selection-rate ratio", "kind": "fairness"} | more
    row = declare_signal(system, **about, actor=actor)
    return set_limits(row, seen=row.version, actor=actor, **limits) if limits else row


def post(actor: Actor, signal: Signal, values: Sequence[float | str], *, ending: datetime | None = None) -> None:
    """Readings an hour apart, the last one at `ending`."""
    end = ending or clock.now()
    items = [
        {"signal": signal.code, "at": (end - timedelta(hours=len(values) - 1 - place)).isoformat(), "value": value}
        for place, value in enumerate(values)
    ]
    post_readings(items, actor=actor)


def an_evaluation(
    actor: Actor, system: AiSystem, *, benchmark: str = "holdout", recall: str = "0.93", **more: Any
) -> Evaluation:
    """A recorded run."""
    return record_evaluation(system, Result(benchmark, {"recall": Decimal(recall)}, **more), actor=actor)[0]
