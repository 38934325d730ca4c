"""What telemetry tells, in the same shape whether it came as metrics or as spans."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from operations.models import Gathering, Kind


class Malformed(ValueError):
    """The body is no OTLP; the message says where."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of signal that telemetry feeds: `sum` adds up, `mean` divides by the number of calls."""

    key: str
    name: str
    kind: str
    unit: str
    gathers: str


CALLS = Measure("calls", "Calls", Kind.VOLUME, "calls", Gathering.SUM)
TOKENS_IN = Measure("tokens_in", "Input tokens", Kind.VOLUME, "tokens", Gathering.SUM)
TOKENS_OUT = Measure("tokens_out", "Output tokens", Kind.VOLUME, "tokens", Gathering.SUM)
LATENCY = Measure("latency", "Latency", Kind.PERFORMANCE, "s", Gathering.MEAN)
ERRORS = Measure("errors", "Share of calls that failed", Kind.PERFORMANCE, "", Gathering.MEAN)
COST = Measure("cost", "Cost", Kind.COST, "USD", Gathering.SUM)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a measure: a total over `size` calls."""

    measure: Measure
    total: Decimal
    size: int


@dataclass(frozen=True, slots=True)
class Observation:
    """One data point or span: whose it is, which model, when, and what it adds.

    `series` tells a metric's series from all others, and is empty for a span; `started_ns` and `until_ns` are its
    interval, and a cumulative one tells its total since it started.
    """

    system: str
    model: str
    at: datetime
    amounts: tuple[Amount, ...]
    series: str = ""
    started_ns: int = 0
    until_ns: int = 0
    is_cumulative: bool = False


@dataclass
class Heard:
    """What a body held: observations, and points or spans that were left out, by reason."""

    observations: list[Observation] = field(default_factory=list)
    rejected: dict[str, int] = field(default_factory=dict)

    def reject(self, reason: str, count: int = 1) -> None:
        """Count what is left out."""
        self.rejected[reason] = self.rejected.get(reason, 0) + count
