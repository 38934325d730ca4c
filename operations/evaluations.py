"""Evaluations as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from operations.figures import figure
from operations.models import Evaluation, Sense
from systems.pages import State


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of a list."""

    code: str
    benchmark: str
    version: str
    result: str
    done_at: datetime
    source: str
    by: str
    state: State


@dataclass(frozen=True, slots=True)
class RunPage:
    """Everything the page of a run prints."""

    line: RunLine
    threshold: str
    metrics: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, int, int], ...]
    sha256: str
    notes: str


def state_of(row: Evaluation) -> State:
    """Return whether a run passed, as shape, colour and words."""
    if row.withdrawn_at:
        return State("na", "none", _("Withdrawn"))
    if row.passed is None:
        return State("none", "none", _("Not judged"))
    return State("done", "ok", _("Passed")) if row.passed else State("bad", "bad", _("Not passed"))


def threshold_of(row: Evaluation) -> str:
    """Return what a run had to reach, in words."""
    if row.threshold is None:
        return ""
    words = _("%(metric)s at least %(value)s") if row.sense == Sense.AT_LEAST else _("%(metric)s at most %(value)s")
    return words % {"metric": row.metric, "value": figure(row.threshold)}


def run_line(row: Evaluation) -> RunLine:
    """Return what a list prints of a run."""
    name = row.metric or next(iter(row.metrics), "")
    value = row.metrics.get(name)
    result = f"{name} {figure(Decimal(value))}" if value is not None else ""
    source = str(row.get_source_display())
    state = state_of(row)
    return RunLine(row.code, row.benchmark, row.model_version, result, row.done_at, source, row.by_name, state)


def run_lines(rows: Iterable[Evaluation]) -> list[RunLine]:
    """Return the lines of a list; no query."""
    return [run_line(row) for row in rows]


def evaluation_page(row: Evaluation) -> RunPage:
    """Return the page of a run; no query."""
    metrics = tuple((name, figure(Decimal(value))) for name, value in sorted(row.metrics.items()))
    counts = tuple((name, count["passed"], count["made"]) for name, count in sorted(row.counts.items()))
    return RunPage(run_line(row), threshold_of(row), metrics, counts, row.sha256, row.notes)
