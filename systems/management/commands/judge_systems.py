"""Judge the systems of an AIMS by its policies, now and here, and keep the results."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import require
from aims.models import Aims
from aims.queries import actor_for
from policies.actions import load_shipped
from systems.actions.judge import note_judging
from systems.judging.models import JudgingRun, Occasion, OutcomeState, PolicyResult
from systems.judging.queries import newest
from systems.judging.work import judge_all, read
from systems.models import AiSystem
from systems.permissions import may_judge


class Command(BaseCommand):
    """Exit 0 when every system passes every policy that is on, 1 when any does not or could not be judged."""

    help = "Judge AI systems by the policies of their AIMS and keep the results; exit 1 when any does not pass."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the AIMS, which systems, and who asks."""
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument(
            "--system", action="append", default=[], metavar="CODE", help="only this one; may be repeated"
        )
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the person who asks (default: Assay itself)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge, and print what does not pass."""
        aims = Aims.objects.filter(slug=options["aims"], removed_at__isnull=True).first()
        if aims is None:
            raise CommandError(f"There is no AIMS called {options['aims']}.")
        actor = _person(options["email"], aims) if options["email"] else service("judge")
        with acting_in(aims, actor):
            require(may_judge(actor))
            load_shipped(actor=service("judge"))
            asked = read(_called(options["system"]) if options["system"] else None)
        judged = judge_all(asked)
        with acting_in(aims, actor):
            run = note_judging(judged, occasion=Occasion.ASKED, by_id=actor.user_id, actor=actor)
            failing = _failing(judged.digests)
        self.stdout.write(_as_json(run, failing) if options["json"] else _as_lines(run, failing))
        if run.failed or run.errors or run.faults:
            sys.exit(1)


def _person(email: str, aims: Aims) -> Actor:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    actor = actor_for(user, aims, auth_method="command") if user else None
    if actor is None:
        raise CommandError(f"{email} has no role in {aims.slug}.")
    return actor


def _called(codes: list[str]) -> list[int]:
    found = dict(AiSystem.objects.filter(code__in=codes).values_list("code", "pk"))
    if missing := sorted(set(codes) - found.keys()):
        raise CommandError(f"There is no system {', '.join(missing)}.")
    return list(found.values())


def _failing(digests: dict[int, str]) -> list[PolicyResult]:
    rows = newest().exclude(state=OutcomeState.PASSED).select_related("system", "policy")
    return [
        row for row in rows.order_by("system__code", "policy__name") if row.system_id in digests and row.policy.is_on
    ]


def _as_json(run: JudgingRun, failing: list[PolicyResult]) -> str:
    names = ("systems", "policies", "passed", "failed", "errors", "changed", "digest", "faults")
    told: dict[str, Any] = {"run": run.pk} | {name: getattr(run, name) for name in names}
    told["failing"] = [
        {"system": row.system.code, "policy": row.policy.name, "state": row.state, "messages": row.messages}
        for row in failing
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_lines(run: JudgingRun, failing: list[PolicyResult]) -> str:
    lines = [f"{row.system.code}  {row.policy.name}: {' '.join(row.messages)}" for row in failing]
    lines += [f"policy {fault}" for fault in run.faults]
    counts = f"{run.passed} passed, {run.failed} failed, {run.errors} could not be judged, {run.changed} new"
    return "\n".join([*lines, f"{run.systems} systems, {run.policies} policies: {counts}."])
