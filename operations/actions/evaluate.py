"""Record a run of a benchmark, once, and judge it; withdraw one that was wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.numbering import next_code
from ledger.actions import record
from ledger.change import Change, hold_apart
from operations.events import EVALUATED, EVALUATION_WITHDRAWN
from operations.models import Benchmark, Evaluation, Sense, Source, holds
from operations.permissions import may_deliver, may_withdraw
from operations.values import Unfit, is_storable, past, plain
from systems.models import AiSystem

MOST_METRICS = 200
LENGTHS = {"benchmark": 160, "model_version": 60, "notes": 8_000, "key": 100, "metric": 100}


class NotAnEvaluation(Refusal):
    """The result cannot be recorded so."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to, from whatever door; `counts` are assertions passed and made by kind."""

    benchmark: str
    metrics: Mapping[str, Decimal]
    done_at: datetime | None = None
    model_version: str = ""
    notes: str = ""
    key: str = ""
    metric: str = ""
    sense: str = ""
    threshold: Decimal | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    source: str = Source.POSTED
    sha256: str = ""


@transaction.atomic
def record_evaluation(system: AiSystem, result: Result, *, actor: Actor) -> tuple[Evaluation, bool]:
    """Record a run and whether it passed; return it, and whether it is new: one with the same key is the same run.

    A declared benchmark of that name judges it; else the threshold that came with it; else nobody does. Without a
    version it tested the one in use.
    """
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_deliver(actor, row), _("Only those who deliver for this system may record its evaluations."))
    actor = actor.on_behalf_of(row.owner_id)
    _check(result)
    key = f"k:{result.key}" if result.key else f"sha256:{_digest(result)}"
    known = Evaluation.objects.filter(system=row, key=key).first()
    if known is not None:
        return known, False
    evaluation = Evaluation(aims_id=row.aims_id, system=row, key=key, **_fields(row, result))
    evaluation.by_id, evaluation.by_name = actor.user_id, actor.name
    _judge(evaluation, result)
    evaluation.code = next_code("EVAL", width=3)
    change = Change.new(evaluation)
    change.save(actor=actor)
    record(EVALUATED, evaluation, actor=actor, change=change)
    return evaluation, True


def _fields(system: AiSystem, result: Result) -> dict[str, Any]:
    return {
        "benchmark": result.benchmark.strip(),
        "model_version": result.model_version.strip() or system.model_version,
        "metrics": {name: plain(value) for name, value in result.metrics.items()},
        "counts": {name: dict(counts) for name, counts in result.counts.items()},
        "done_at": result.done_at or clock.now(),
        "source": result.source,
        "sha256": result.sha256,
        "notes": result.notes.strip(),
    }


def _judge(row: Evaluation, result: Result) -> None:
    """Compute whether it passed; a body cannot say so by itself."""
    asked = Benchmark.objects.filter(system=row.system, name__iexact=row.benchmark, withdrawn_at__isnull=True).first()
    terms = asked or result
    if terms.threshold is None:
        return
    value = result.metrics.get(terms.metric)
    if value is None and asked is None:
        raise NotAnEvaluation(_("The threshold is for %s, which was not measured.") % terms.metric, field="metric")
    row.metric, row.sense, row.threshold = terms.metric, terms.sense or Sense.AT_LEAST, terms.threshold
    row.passed = value is not None and holds(value, row.sense, terms.threshold)


def _check(result: Result) -> None:
    if not result.benchmark.strip():
        raise NotAnEvaluation(_("Name the benchmark."), field="benchmark")
    for name, most in LENGTHS.items():
        if len(getattr(result, name)) > most:
            raise NotAnEvaluation(_("Keep this under %s characters.") % most, field=name)
    _check_names(result)
    if result.sense and result.sense not in Sense.values:
        raise NotAnEvaluation(_("A threshold is one of at_least and at_most."), field="sense")
    if result.done_at is not None:
        try:
            past(result.done_at)
        except Unfit as unfit:
            raise NotAnEvaluation(str(unfit), field="done_at") from unfit


def _check_names(result: Result) -> None:
    if not 0 < len(result.metrics) <= MOST_METRICS or any(not 0 < len(name) <= 100 for name in result.metrics):
        words = _("Give 1 to %s metrics, each with a name of at most 100 characters.") % MOST_METRICS
        raise NotAnEvaluation(words, field="metrics")
    texts = (*(getattr(result, name) for name in LENGTHS), *result.metrics, *result.counts)
    if not all(is_storable(text) for text in texts):
        raise NotAnEvaluation(_("The text holds a NUL character, or half a character."), field="notes")


def _digest(result: Result) -> str:
    """Return what tells a run from another where nobody named it: the file it came in, or all that was posted."""
    if result.sha256:
        return result.sha256
    told = [
        result.benchmark.strip(),
        {name: plain(value) for name, value in result.metrics.items()},
        result.done_at.isoformat() if result.done_at else "",
        result.model_version.strip(),
        result.notes.strip(),
        [result.metric, result.sense, plain(result.threshold)],
    ]
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def withdraw_evaluation(evaluation: Evaluation, *, reason: str, seen: int, actor: Actor) -> Evaluation:
    """Let it count no more; it stays with the reason."""
    row = Evaluation.objects.select_for_update(of=("self",)).select_related("system").get(pk=evaluation.pk)
    require(may_withdraw(actor, row.system), _("Only the system's owner or a compliance officer may withdraw it."))
    actor = actor.on_behalf_of(row.system.owner_id)
    hold_apart(row, seen)
    if not reason.strip():
        raise NotAnEvaluation(_("Say why it does not count."), field="reason")
    if row.withdrawn_at is None:
        change = Change.of(row, withdrawn_at=clock.now())
        change.save(actor=actor, reason=reason.strip())
        record(EVALUATION_WITHDRAWN, row, actor=actor, change=change, reason=reason.strip())
    return row
