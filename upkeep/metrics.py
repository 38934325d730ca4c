"""What Prometheus is told beside requests, read from the database at each scrape: counts, and never whose."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from accounts import clock
from config.release import RELEASE
from jobs.models import Delivery, DeliveryState, Heartbeat, Job, JobState
from ledger.standing import standing


class Work(Collector):
    """Jobs, mails, processes and the chain; a handful of indexed queries."""

    def collect(self) -> Iterator[Metric]:
        """Return every gauge."""
        yield _by("assay_jobs", "Jobs by state", "state", _counts(Job, JobState.values))
        yield _one("assay_queue_age_seconds", "How long the oldest job that is due has waited", _age(_oldest_due()))
        yield _by("assay_deliveries", "Mails by state", "state", _counts(Delivery, DeliveryState.values))
        beats = Heartbeat.objects.values_list("kind").annotate(last=Max("beat_at"))
        yield _by(
            "assay_heartbeat_age_seconds", "Since the last heartbeat", "kind", {kind: _age(at) for kind, at in beats}
        )
        chain = standing()
        yield _one("assay_unsealed_records", "Records that have no number yet", chain.unsealed)
        yield _one("assay_seal_lag_seconds", "Age of the oldest unsealed record", _age(chain.waiting_since))
        yield _one("assay_halted_logs", "Logs that are not sealed any further", chain.halted)
        yield _one("assay_faulty_logs", "Logs whose verification failed", chain.faulty)
        yield _by("assay_build_info", "The release that runs", "release", {RELEASE: 1})


def exposition(counts: str) -> bytes:
    """Return everything in Prometheus's text form; `counts` is the folder where processes add up, if they are many."""
    registry = CollectorRegistry()
    registry.register(Work())
    if counts:
        MultiProcessCollector(registry, path=counts)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def _counts(model: type[Job] | type[Delivery], states: list[str]) -> dict[str, float]:
    found = dict(model.objects.values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in states}


def _oldest_due() -> datetime | None:
    now = clock.now()
    rows = Job.objects.filter(state=JobState.QUEUED, wake_at__lte=now)
    oldest: datetime | None = rows.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _age(since: datetime | None) -> float:
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0


def _one(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _by(name: str, about: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
