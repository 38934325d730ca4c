"""Say which benchmarks a system must pass, and that one is no longer asked."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change, hold_apart
from operations.events import BENCHMARK_DECLARED, BENCHMARK_WITHDRAWN
from operations.models import Benchmark, Sense
from operations.permissions import may_declare
from systems.models import AiSystem

LONGEST_DAYS = 3650


class NotABenchmark(Refusal):
    """The benchmark cannot be asked so."""


@transaction.atomic
def declare_benchmark(
    system: AiSystem,
    *,
    name: str,
    metric: str,
    threshold: Decimal,
    sense: str = Sense.AT_LEAST,
    max_age_days: int = 180,
    reason: str = "",
    actor: Actor,
) -> Benchmark:
    """Ask a system to pass a benchmark before it is deployed or operated; one of the same name takes the new terms."""
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_declare(actor, row), _("Only the system's owner, a compliance officer or an administrator says this."))
    actor = actor.on_behalf_of(row.owner_id)
    name, metric = name.strip(), metric.strip()
    terms = {"metric": metric, "sense": sense, "threshold": threshold, "max_age_days": max_age_days}
    _check(name, metric, sense, max_age_days)
    standing = Benchmark.objects.filter(system=row, name__iexact=name, withdrawn_at__isnull=True).first()
    change = (
        Change.of(standing, **terms)
        if standing
        else Change.new(Benchmark(aims_id=row.aims_id, system=row, name=name, **terms))
    )
    if change:
        change.save(actor=actor, reason=reason)
        record(BENCHMARK_DECLARED, change.row, actor=actor, change=change, reason=reason)
    return standing or change.row  # type: ignore[return-value]


def _check(name: str, metric: str, sense: str, max_age_days: int) -> None:
    if not name or len(name) > 160:
        raise NotABenchmark(_("Give the benchmark a name of at most 160 characters."), field="name")
    if not metric or len(metric) > 100:
        raise NotABenchmark(_("Name the metric, in at most 100 characters."), field="metric")
    if sense not in Sense.values:
        raise NotABenchmark(_("A threshold is one of at_least and at_most."), field="sense")
    if not 1 <= max_age_days <= LONGEST_DAYS:
        raise NotABenchmark(_("A pass counts for 1 to %s days.") % LONGEST_DAYS, field="max_age_days")


@transaction.atomic
def withdraw_benchmark(benchmark: Benchmark, *, reason: str, seen: int, actor: Actor) -> Benchmark:
    """Ask for it no more; its evaluations stay."""
    row = Benchmark.objects.select_for_update(of=("self",)).select_related("system").get(pk=benchmark.pk)
    require(may_declare(actor, row.system), _("Only the system's owner or a compliance officer may withdraw it."))
    actor = actor.on_behalf_of(row.system.owner_id)
    hold_apart(row, seen)
    if not reason.strip():
        raise NotABenchmark(_("Say why it is no longer asked."), field="reason")
    if row.withdrawn_at is None:
        change = Change.of(row, withdrawn_at=clock.now())
        change.save(actor=actor, reason=reason.strip())
        record(BENCHMARK_WITHDRAWN, row, actor=actor, change=change, reason=reason.strip())
    return row
