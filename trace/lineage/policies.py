"""Policies in the lineage: beside the controls they serve, and beside the systems that do not pass them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from controls.models import Requirement
from policies.models import Policy
from policies.queries import serving
from policies.stages import is_due
from soa.models import Entry
from systems.judging.models import OutcomeState
from systems.judging.queries import newest
from systems.models import Stage
from trace.lineage.records import seek
from trace.lineage.refs import control, controls_in, day
from trace.lineage.shapes import GAP, OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach, Sought


@dataclass(frozen=True, slots=True)
class _Said:
    """What a policy says about one system that owes it, by the run that said so first."""

    system: str
    state: str
    run: int
    at: datetime


def describe(asked: Asked, _lens: Lens) -> Iterator[Node]:
    """Two queries: the policies, and what stands of their results."""
    codes = asked.of("policy")
    rows = list(Policy.objects.filter(name__in=codes)) if codes else []
    said = _said({row.pk: row for row in rows}) if rows else {}
    for row in rows:
        yield _node(row, said.get(row.pk, []))


def _said(policies: dict[int, Policy]) -> dict[int, list[_Said]]:
    """Return the results that stand, of systems that are not retired and at a stage where the policy is due."""
    rows = newest(policy__in=policies).exclude(system__stage=Stage.RETIRED).order_by("system__code")
    told = rows.values_list("policy_id", "system__code", "system__stage", "state", "run_id", "judged_at")
    found: dict[int, list[_Said]] = {}
    for policy, system, stage, state, run, at in told:
        if is_due(policies[policy].due_from, stage):
            found.setdefault(policy, []).append(_Said(system, state, run, at))
    return found


def _node(row: Policy, said: list[_Said]) -> Node:
    failing = [one.system for one in said if one.state != OutcomeState.PASSED]
    last = max(said, key=lambda one: (one.at, one.run), default=None)
    told = (
        (_("Version in force"), str(row.number)),
        (_("Does not pass"), ", ".join(failing)),
        (_("Last new result"), day(last.at) if last else ""),
        (_("Why it is off"), row.off_reason),
    )
    records = [seek(row.ref, "policy.revised", "policy.written", "policy.shipped")]
    if last is not None:
        records.append(Sought(f"judging:{last.run}", events=frozenset({"system.judged"}), or_any=False))
    return Node(
        ref=row.ref,
        kind="policy",
        code=row.name,
        title=row.title,
        note=_note(row, len(said), len(failing)),
        state=PAST if not row.is_on else PENDING if not said else GAP if failing else OK,
        facts=tuple((label, text) for label, text in told if text),
        sought=tuple(records),
    )


def _note(row: Policy, asked: int, failing: int) -> str:
    if not row.is_on:
        return _("switched off")
    if not asked:
        return _("no system owes it yet")
    return _("%(passed)d of %(all)d systems pass") % {"passed": asked - failing, "all": asked}


def back(asked: Asked) -> Iterator[Edge]:
    """Beside a control the policies that serve it, beside a system those that it does not pass; two queries."""
    if not asked.is_subject:
        return
    if controls := controls_in(asked.codes):
        is_row = bool(asked.of("entry"))
        policies = list(Policy.objects.filter(is_on=True).order_by("name"))
        for code in controls:
            for row in serving(code, policies):
                yield Edge(control(code, is_row), row.ref, "checked_by", Reach.BESIDE)
    if systems := asked.of("system"):
        yield from _not_passed(system__code__in=systems)


def forward(asked: Asked) -> Iterable[Edge]:
    """The controls that a policy serves, and the systems that do not pass it; four queries."""
    names = asked.of("policy") if asked.is_subject else ()
    if not names:
        return []
    policies = list(Policy.objects.filter(name__in=names))
    known = {code for row in policies for code in row.controls}
    there = set(Requirement.objects.filter(code__in=known).values_list("code", flat=True))
    rows = set(Entry.objects.filter(requirement__code__in=known).values_list("requirement__code", flat=True))
    served = [
        Edge(control(code, code in rows), row.ref, "checked_by", Reach.BESIDE)
        for row in policies
        for code in row.controls
        if code in there
    ]
    return [*served, *_not_passed(policy__in=[row.pk for row in policies])]


def _not_passed(**these: Any) -> list[Edge]:
    rows = newest(**these).exclude(state=OutcomeState.PASSED).select_related("policy", "system")
    found = (
        rows.filter(policy__is_on=True).exclude(system__stage=Stage.RETIRED).order_by("policy__name", "system__code")
    )
    return [
        Edge(row.system.ref, row.policy.ref, "checked_by", Reach.BESIDE, str(row.get_state_display()).lower())
        for row in found
        if is_due(row.policy.due_from, row.system.stage)
    ]


POLICIES = Provider(frozenset({"policy"}), describe, back, forward)
