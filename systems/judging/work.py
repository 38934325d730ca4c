"""Judge the systems of an AIMS: read within the tenant, judge in the child, outside of any transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from json import dumps
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.context import current_aims_id
from aims.models import Aims
from policies.engine import Denial, NoEngine, Outcome, Source, State, judge
from policies.queries import InForce, in_force
from systems.models import AiSystem, Stage
from systems.record.schema import misfits

NAMED = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """A system as it is judged."""

    pk: int
    version: int
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is about, read at one instant."""

    policies: tuple[InForce, ...]
    subjects: tuple[Subject, ...]
    today: date
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one policy says about one system."""

    system: int
    record_version: int
    policy: InForce
    state: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything that a run found; `digests` has, by system, what it was judged on."""

    asked: Asked
    verdicts: tuple[Verdict, ...] = ()
    digests: dict[int, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def read(systems: Iterable[int] | None = None) -> Asked:
    """Read what is judged: all systems that are not retired, or these; three queries."""
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).order_by("pk")
    rows = rows if systems is None else rows.filter(pk__in=list(systems))
    found = tuple(Subject(*row) for row in rows.values_list("pk", "version", "record"))
    zone = Aims.objects.values_list("time_zone", flat=True).get(pk=current_aims_id())
    return Asked(in_force(), found, clock.today(zone), clock.now())


def judge_all(asked: Asked) -> Judged:
    """Judge; where there is no engine, or a policy cannot be used, everything it should have judged is in error."""
    sources = [Source(f"{policy.name}.rego", policy.text) for policy in asked.policies]
    try:
        told = judge(sources, (subject.record for subject in asked.subjects), today=asked.today)
    except NoEngine as error:
        broken = Outcome(State.ERROR, error=str(error))
        outcomes: Sequence[dict[str, Outcome]] = [{p.package: broken for p in asked.policies}] * len(asked.subjects)
        return _judged(asked, outcomes, (str(error),))
    return _judged(asked, told.outcomes, tuple(map(str, told.faults)))


def _judged(asked: Asked, outcomes: Sequence[dict[str, Outcome]], faults: tuple[str, ...]) -> Judged:
    policies = digest_of(asked.policies)
    digests = {subject.pk: digest_on(subject.record, policies) for subject in asked.subjects}
    verdicts = tuple(
        verdict
        for subject, said in zip(asked.subjects, outcomes, strict=True)
        for verdict in _verdicts(subject, asked.policies, said)
    )
    return Judged(asked, verdicts, digests, faults)


def _verdicts(subject: Subject, policies: Sequence[InForce], said: dict[str, Outcome]) -> Iterable[Verdict]:
    gaps = [fault.words for fault in misfits(subject.record)][:NAMED]
    for policy in policies:
        outcome = said.get(policy.package) or Outcome(State.ERROR, error=_("The policy could not be used."))
        if gaps and outcome.state != State.FAILED:
            denial = Denial(_("The record is not whole: %s") % " ".join(gaps))
            outcome = Outcome(State.FAILED, (denial,))
        yield Verdict(subject.pk, subject.version, policy, outcome.state.value, outcome.messages)


def digest_of(policies: Iterable[InForce]) -> str:
    """Return one digest of every policy in force."""
    lines = "".join(f"{policy.package} {policy.sha256}\n" for policy in sorted(policies, key=lambda each: each.package))
    return sha256(lines.encode()).hexdigest()


def digest_on(record: dict[str, Any], policies: str) -> str:
    """Return the digest of a record together with that of the policies."""
    said = dumps(record, sort_keys=True, ensure_ascii=True)
    return sha256(f"{policies}\n{said}".encode()).hexdigest()
