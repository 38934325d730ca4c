"""What an AIMS's systems do in operation: signals past a limit and within it, evaluations, telemetry on its way."""

from datetime import timedelta
from decimal import Decimal

from accounts import clock
from operations.actions import (
    Result,
    Samples,
    answer_crossing,
    close_hours,
    declare_benchmark,
    declare_signal,
    post_readings,
    record_evaluation,
    set_limits,
    set_reference,
    take_telemetry,
    withdraw_evaluation,
)
from operations.models import LimitCrossing, Signal
from operations.otlp.points import CALLS, Amount, Heard, Observation
from systems.models import AiSystem
from tests.matrix.afterwards import Says
from tests.matrix.tenant import Tenant

SAMPLES = [float(number) for number in range(60)]


def operations(tenant: Tenant, says: Says, system: AiSystem, turn: int) -> None:
    """Two signals past their limits, one of them answered for; a benchmark; a run that counts and one that does not."""
    author = tenant.author
    for place in range(2):
        key = f"{tenant.word}.{turn}.{place}".lower()
        about = {"name": says("signal"), "kind": "quality", "unit": tenant.word[:20], "owner": tenant.people["owner"]}
        row = declare_signal(system, key=key, actor=author, **about)
        row = set_limits(row, seen=row.version, actor=author, lower=Decimal("0.8"), reason=says("limit"))
        item = {"signal": row.code, "at": clock.now().isoformat(), "value": 0.7, "key": says("key")}
        post_readings([item], actor=author)
    answer_crossing(LimitCrossing.objects.get(signal=row), answer=says("answer"), seen=1, actor=author)
    set_reference(row, Samples(SAMPLES), actor=author)
    counted = Signal.objects.filter(feed="posted").exclude(pk=row.pk).order_by("-pk")[0]
    set_reference(counted, Samples(counts={says("category"): 60}), actor=author)
    asked = {"name": says("benchmark"), "metric": says("metric"), "threshold": Decimal("0.9")}
    declare_benchmark(system, **asked, actor=author)
    for key in ("counts", "counts not"):
        texts = {
            "notes": says("notes"),
            "model_version": says("v"),
            "key": says(key),
            "counts": {says("kind"): {"passed": 1, "made": 2}},
        }
        run = record_evaluation(system, Result(says("benchmark"), {says("metric"): Decimal(1)}, **texts), actor=author)[
            0
        ]
    withdraw_evaluation(run, reason=says("wrong"), seen=1, actor=author)
    _telemetry(tenant, system)


def _telemetry(tenant: Tenant, system: AiSystem) -> None:
    """An hour that is closed, and one that is being added up."""
    for until, back in enumerate((timedelta(hours=3), timedelta(0)), start=1):
        with clock.standing_at(clock.now() - back):
            seen = Observation(
                system.code, tenant.word, clock.now(), (Amount(CALLS, Decimal(2), 2),), "0" * 64, 0, until
            )
            take_telemetry(Heard([seen]), feed="metrics", digest=f"{tenant.word}{back}", actor=tenant.author)
        close_hours(actor=tenant.author)
