"""What policies say about systems, now or as of an instant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from aims.history import rows_at
from policies.models import Policy
from policies.queries import in_force, policies_at, serving
from policies.stages import is_due
from systems.judging.models import JudgedSystem, OutcomeState, PolicyResult
from systems.judging.work import digest_of, digest_on
from systems.models import AiSystem, Stage

NOT_JUDGED = "none"


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy says about a system; `state` is none where it was not judged. `judged_at` is when that was new."""

    policy: str
    title: str
    controls: tuple[str, ...]
    due_from: str
    severity: str
    state: str
    messages: tuple[str, ...] = ()
    policy_version: int = 0
    record_version: int = 0
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Up to when a system's results hold, and whether they are of its record and of the policies as they are now."""

    at: datetime | None = None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class ControlChecks:
    """What the policies that serve a control say about the systems that owe it, as of an instant."""

    code: str
    policies: tuple[str, ...]
    systems: int
    passed: int
    failing: tuple[str, ...]
    as_of: datetime | None


def newest(at: datetime | None = None, **narrowed: Any) -> QuerySet[PolicyResult]:
    """Return the result that stands for each system and policy, now or at an instant."""
    rows = PolicyResult.objects.filter(**narrowed)
    rows = rows if at is None else rows.filter(judged_at__lte=at)
    return PolicyResult.objects.filter(
        pk__in=rows.order_by().values("system_id", "policy_id").annotate(newest=Max("pk")).values("newest")
    )


def latest_results(system: AiSystem, at: datetime | None = None) -> list[Result]:
    """Return what every policy that is on says about a system, by name; two queries."""
    rows = newest(at, system=system.pk).select_related("policy_version").defer("policy_version__text")
    said = {row.policy_id: row for row in rows}
    return [_result(policy, said.get(policy.pk)) for policy in policies_at(at)]


def _result(policy: Policy, row: PolicyResult | None) -> Result:
    about = (policy.name, policy.title, tuple(policy.controls), policy.due_from, policy.severity)
    if row is None:
        return Result(*about, NOT_JUDGED)
    number = row.policy_version.number
    return Result(*about, row.state, tuple(row.messages), number, row.record_version, row.judged_at)


def confirmed(system: AiSystem) -> Confirmed:
    """Tell up to when a system's results hold; two queries."""
    row = JudgedSystem.objects.select_related("run").filter(system=system.pk).first()
    if row is None:
        return Confirmed()
    return Confirmed(row.run.finished_at, row.digest == digest_on(system.record, digest_of(in_force())))


def results_for_control(code: str, at: datetime | None = None) -> ControlChecks | None:
    """Return how many of the systems that owe a control's policies pass them all, or None where none serves it.

    A policy counts for a system from the stage it is due. Three queries, four now.
    """
    policies = serving(code, policies_at(at))
    if not policies:
        return None
    systems = {row.pk: row for row in _living(at)}
    said: dict[int, dict[int, str]] = defaultdict(dict)
    when: datetime | None = None
    for system, policy, state, judged_at in newest(at, policy__in=[policy.pk for policy in policies]).values_list(
        "system_id", "policy_id", "state", "judged_at"
    ):
        said[system][policy] = state
        when = max(when or judged_at, judged_at)
    owing = {pk: due for pk, row in systems.items() if (due := _due(row, policies)) and pk in said}
    failing = [pk for pk, due in owing.items() if any(said[pk].get(each) != OutcomeState.PASSED for each in due)]
    if at is None:
        when = JudgedSystem.objects.aggregate(at=Max("run__finished_at"))["at"]
    codes = tuple(systems[pk].code for pk in failing)
    return ControlChecks(
        code, tuple(p.name for p in policies), len(owing), len(owing) - len(failing), codes, when if owing else None
    )


def _living(at: datetime | None) -> Iterable[AiSystem]:
    rows = rows_at(AiSystem, at).exclude(stage=Stage.RETIRED).order_by("code")
    return list(rows if at is not None else rows.only("pk", "code", "stage"))


def _due(system: AiSystem, policies: Sequence[Policy]) -> list[int]:
    return [policy.pk for policy in policies if is_due(policy.due_from, system.stage)]
