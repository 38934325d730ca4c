"""Have systems judged by policies, and write down what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from jobs.actions import enqueue
from jobs.models import FINISHED, Job, JobState
from ledger.actions import record
from ledger.change import Facts
from systems.events import JUDGED
from systems.judging.models import JudgedSystem, JudgingRun, Occasion, OutcomeState, PolicyResult
from systems.judging.work import Judged, Verdict
from systems.permissions import may_judge

KIND = "systems.judge"
CHUNK = 500


def ask_for_judging(*, actor: Actor, systems: Iterable[int] = (), occasion: str = Occasion.ASKED, key: str = "") -> Job:
    """Write the job, over these systems or over all; asking changes nothing governed, so it is not recorded.

    `key` makes it unique in the AIMS, such as a day; without one it is the request.
    """
    require(may_judge(actor), _("Your role does not allow this."))
    aims_id, asked = current_aims_id(), list(systems)
    payload = {"by": actor.user_id, "occasion": occasion, "systems": asked}
    key = key or f"{occasion}:{','.join(map(str, asked[:5]))}:{actor.request_id}"
    return enqueue(KIND, dedupe_key=f"{aims_id}:{key}", actor=actor, payload=payload, aims_id=aims_id)


def judge_after_edit(systems: Sequence[int], actor: Actor) -> None:
    """Ask for a run over what was edited; systems join a run that waits, so that a sync of thousands asks for one.

    A run that another writer is joining just now is left alone, so that nobody waits for anybody.
    """
    aims_id = current_aims_id()
    waiting = Job.objects.select_for_update(skip_locked=True).filter(
        kind=KIND, aims_id=aims_id, state=JobState.QUEUED, dedupe_key__startswith=f"{aims_id}:edit:"
    )
    job = waiting.first()
    if job is None:
        payload = {"by": actor.user_id, "occasion": Occasion.EDIT, "systems": list(systems)}
        key = f"{aims_id}:edit:{systems[0]}:{actor.request_id}:{clock.now().timestamp()}"
        enqueue(KIND, dedupe_key=key, actor=actor, payload=payload, aims_id=aims_id)
    elif more := [pk for pk in systems if pk not in set(job.payload["systems"])]:
        job.payload["systems"] += more
        job.payload["by"] = actor.user_id if job.payload["by"] == actor.user_id else None
        job.save(update_fields=["payload"])


def under_way() -> Job | None:
    """Return a run over all systems that is not finished, if there is one."""
    open_jobs = Job.objects.filter(kind=KIND, aims_id=current_aims_id()).exclude(state__in=FINISHED)
    return next((job for job in open_jobs if not job.payload["systems"]), None)


def waits(system_id: int) -> bool:
    """Tell whether a run over a system is not finished."""
    open_jobs = Job.objects.filter(kind=KIND, aims_id=current_aims_id()).exclude(state__in=FINISHED)
    return any(not job.payload["systems"] or system_id in job.payload["systems"] for job in open_jobs)


@transaction.atomic
def note_judging(judged: Judged, *, occasion: str, by_id: int | None, actor: Actor) -> JudgingRun:
    """Keep the outcomes that are new, and up to when the others hold.

    The chain hears of every run but those after an edit that changed no outcome.
    """
    judged = _without_newer(judged)
    fresh = list(_new(judged.verdicts))
    row = _run(judged, occasion, by_id, len(fresh))
    row.save()
    _keep(fresh, row, judged.asked.started_at)
    _confirm(judged.digests, row)
    if fresh or occasion != Occasion.EDIT:
        counts = {
            name: str(getattr(row, name)) for name in ("systems", "policies", "passed", "failed", "errors", "changed")
        }
        told = counts | ({"faults": list(judged.faults)} if judged.faults else {})
        record(JUDGED, row, actor=actor, change=Facts({}, told), after_hash=row.digest)
    return row


def _without_newer(judged: Judged) -> Judged:
    """Drop systems that a run which began later has judged already: two runs may end in another order."""
    later = JudgedSystem.objects.filter(run__started_at__gt=judged.asked.started_at)
    newer = set(later.values_list("system_id", flat=True)) & judged.digests.keys()
    if not newer:
        return judged
    verdicts = tuple(verdict for verdict in judged.verdicts if verdict.system not in newer)
    return replace(judged, verdicts=verdicts, digests={k: v for k, v in judged.digests.items() if k not in newer})


def _new(verdicts: Sequence[Verdict]) -> Iterable[Verdict]:
    """Return what differs from the newest result of the same system and policy, or was said by another version."""
    systems = {verdict.system for verdict in verdicts}
    results = PolicyResult.objects.filter(system__in=systems) if len(systems) <= CHUNK else PolicyResult.objects.all()
    newest = results.order_by().values("system_id", "policy_id").annotate(newest=Max("pk")).values("newest")
    rows = PolicyResult.objects.filter(pk__in=newest).values_list(
        "system_id", "policy_id", "policy_version_id", "state", "messages"
    )
    known = {(system, policy): (version, state, tuple(said)) for system, policy, version, state, said in rows}
    for verdict in verdicts:
        said = (verdict.policy.version_id, verdict.state, verdict.messages)
        if known.get((verdict.system, verdict.policy.pk)) != said:
            yield verdict


def _run(judged: Judged, occasion: str, by_id: int | None, changed: int) -> JudgingRun:
    states = [verdict.state for verdict in judged.verdicts]
    return JudgingRun(
        aims_id=current_aims_id(),
        occasion=occasion,
        started_at=judged.asked.started_at,
        finished_at=clock.now(),
        by_id=by_id,
        systems=len(judged.asked.subjects),
        policies=len(judged.asked.policies),
        passed=states.count(OutcomeState.PASSED),
        failed=states.count(OutcomeState.FAILED),
        errors=states.count(OutcomeState.ERROR),
        changed=changed,
        digest=_digest(judged.verdicts),
        faults=list(judged.faults),
    )


def _digest(verdicts: Iterable[Verdict]) -> str:
    digest = sha256()
    for verdict in verdicts:
        said: tuple[Any, ...] = (verdict.system, verdict.record_version, verdict.policy.package, verdict.policy.sha256)
        digest.update(f"{said} {verdict.state} {verdict.messages}\n".encode())
    return digest.hexdigest()


def _keep(fresh: list[Verdict], run: JudgingRun, at: datetime) -> None:
    rows = [
        PolicyResult(
            aims_id=run.aims_id,
            system_id=verdict.system,
            policy_id=verdict.policy.pk,
            policy_version_id=verdict.policy.version_id,
            record_version=verdict.record_version,
            state=verdict.state,
            messages=list(verdict.messages),
            run=run,
            judged_at=at,
        )
        for verdict in fresh
    ]
    PolicyResult.objects.bulk_create(rows, batch_size=CHUNK)


def _confirm(digests: dict[int, str], run: JudgingRun) -> None:
    rows = [JudgedSystem(aims_id=run.aims_id, system_id=pk, run=run, digest=digest) for pk, digest in digests.items()]
    JudgedSystem.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["system"], update_fields=["run", "digest"]
    )
