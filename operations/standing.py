"""How a system stands against its benchmarks, and what the gates of its life cycle ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from operations.figures import figure
from operations.models import Benchmark, Evaluation, Sense, holds
from systems.models import AiSystem, Stage
from systems.ports import GateCheck

GUARDED = (Stage.DEPLOYMENT, Stage.OPERATION)


@dataclass(frozen=True, slots=True)
class Standing:
    """A benchmark of a system, its newest run at the version in use, and whether that counts: met, missing, failing."""

    benchmark: Benchmark
    evaluation: Evaluation | None
    state: str
    note: str

    @property
    def terms(self) -> str:
        """What is asked, in words."""
        return terms(self.benchmark)


def terms(row: Benchmark) -> str:
    """Return what a benchmark asks, such as `recall at least 0.90`."""
    words = _("%(metric)s at least %(value)s") if row.sense == Sense.AT_LEAST else _("%(metric)s at most %(value)s")
    return words % {"metric": row.metric, "value": figure(row.threshold)}


def standings(system: AiSystem) -> list[Standing]:
    """Return every benchmark asked of the system with how it stands now; two queries. The newest run decides."""
    rows = list(Benchmark.objects.filter(system=system, withdrawn_at__isnull=True).order_by("name"))
    if not rows:
        return []
    runs = Evaluation.objects.annotate(low=Lower("benchmark")).filter(
        system=system,
        model_version=system.model_version,
        withdrawn_at__isnull=True,
        low__in=[row.name.lower() for row in rows],
    )
    newest: dict[str, Evaluation] = {}
    for run in runs.order_by("-done_at", "-pk")[:1_000]:
        newest.setdefault(run.benchmark.lower(), run)
    return [_standing(system, row, newest.get(row.name.lower())) for row in rows]


def _standing(system: AiSystem, row: Benchmark, run: Evaluation | None) -> Standing:
    """Judge a run by what the benchmark asks now, not by what it asked then."""
    version = system.model_version
    if not version:
        return Standing(row, None, "missing", _("The version in use is not said, so no run can be of it."))
    if run is None:
        return Standing(row, None, "missing", _("No run of version %s is recorded.") % version)
    value = run.value(row.metric)
    if value is None:
        told = {"run": run.code, "metric": row.metric}
        return Standing(row, run, "missing", _("%(run)s did not measure %(metric)s.") % told)
    words = {"run": run.code, "value": figure(value), "version": version, "days": row.max_age_days}
    if not holds(value, row.sense, row.threshold):
        return Standing(row, run, "failing", _("%(run)s came to %(value)s at version %(version)s.") % words)
    if run.done_at < clock.now() - timedelta(days=row.max_age_days):
        return Standing(row, run, "failing", _("%(run)s is older than %(days)s days.") % words)
    return Standing(row, run, "met", _("%(run)s came to %(value)s at version %(version)s.") % words)


def gate(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Ask for a passed run of every declared benchmark before the system is deployed or operated."""
    if stage not in GUARDED:
        return
    address = reverse("operations:evaluations", args=[system.aims.slug, system.code])
    rows = standings(system)
    if not rows:
        yield GateCheck(
            "benchmark", _("A benchmark is declared"), "advice", _("No benchmark is declared for this system."), address
        )
    for row in rows:
        words = _("Benchmark %(name)s is passed: %(terms)s") % {"name": row.benchmark.name, "terms": row.terms}
        yield GateCheck(f"benchmark:{row.benchmark.pk}", words, row.state, row.note, address)
