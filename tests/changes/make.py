"""Typed makers of systems in use, of edits that are material and of changes; each goes through the actions."""

from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from changes.actions import Canary, Measured, Said, meet_by_canary, meet_by_result, open_change, say_touched, waive
from changes.models import ChangeRecord, Effect
from systems.actions import edit_system, move_stage
from systems.lifecycle.stages import EARLY
from systems.models import AiSystem
from tests.make import a_member
from tests.systems.make import COMPLETE, a_system, in_operation, person_of

RECORD: dict[str, Any] = {
    "id": "ranker",
    "name": "Ranker",
    "owner": "team-hiring",
    "deployment": {"environment": "production", "regions": ["eu-west-1"]},
    "classification": {"purpose": "Ranks candidates", "data_sensitivity": "pii", "risk_tier": "high"},
    "model": {"base_model": "Ranker", "provider": "Talentgrid", "version": "2.6.0"},
    "tools": [{"name": "mail", "access": "reads"}],
    "data": {"sources": [{"name": "Applications", "kind": "production-input", "provenance": "Applicants",
                          "quality": "Checked", "consent": "contract", "retention_days": 180}]},
    "suppliers": [{"name": "Talentgrid", "due_diligence": "passed"}],
    **{name: COMPLETE[name] for name in ("logging", "monitoring", "governance")},
    "lifecycle": {"stage": "production"},
}  # fmt: skip
PASSED = Measured("Top-10 recall, set 2026-05", Decimal("0.91"), Decimal("0.85"))
FAILED = Measured("Top-10 recall, set 2026-05", Decimal("0.79"), Decimal("0.85"))
WENT_WELL = Canary(Decimal(5), 48, has_passed=True)


def a_live_system(actor: Actor, *, stage: str = "operation", **facts: Any) -> AiSystem:
    """A system whose changes count, with a record."""
    facts = {"name": "Ranker", "purpose": "Ranks candidates", "record": RECORD} | facts
    if stage in EARLY:
        return a_system(actor, stage=stage, **facts)
    system = a_system(actor, in_scope=True, **{"owner": person_of(actor)} | facts)
    if stage == "retired":
        return move_stage(system, stage, reason="Replaced", seen=system.version, actor=actor)
    system = in_operation(system, actor, is_complete=True)
    if stage != "operation":
        system = move_stage(system, stage, reason="Looked at", seen=system.version, actor=actor)
    return system


def edited(actor: Actor, system: AiSystem, **facts: Any) -> AiSystem:
    """The system after an edit, in the version it has now."""
    row = AiSystem.objects.get(pk=system.pk)
    return edit_system(row, seen=row.version, actor=actor, **facts)


def a_change(actor: Actor, system: AiSystem | None = None, version: str = "2.7.1") -> ChangeRecord:
    """The change that an edit of the model opened."""
    edited(actor, system or a_live_system(actor), model_version=version)
    return ChangeRecord.objects.select_related("system__aims").latest("pk")


def a_plan(actor: Actor, system: AiSystem | None = None, **about: Any) -> ChangeRecord:
    """A change that is planned."""
    about = {"title": "2.7.0 by supplier", "kinds": ["model"]} | about
    return open_change(system or a_live_system(actor), actor=actor, **about)


def again(change: ChangeRecord) -> ChangeRecord:
    """The change as it stands now."""
    return ChangeRecord.objects.select_related("system__aims").get(pk=change.pk)


def ready(change: ChangeRecord, actor: Actor) -> ChangeRecord:
    """The change with everything met or said that it demands."""
    for demand in change.demands.exclude(state="met"):
        seen = again(change).version
        if demand.kind == "evaluation":
            meet_by_result(change, PASSED, seen=seen, actor=actor)
        elif demand.kind == "canary":
            meet_by_canary(change, WENT_WELL, seen=seen, actor=actor)
        else:
            waive(change, demand.kind, reason="Nobody else is touched", seen=seen, actor=actor)
    said = {thing.pk: Said(Effect.NONE, "It judged the same use") for thing in change.touched.filter(effect="unsaid")}
    return again(say_touched(change, said, seen=again(change).version, actor=actor) if said else change)


def an_approver(aims: Aims, by: Actor, name: str = "") -> Actor:
    """Somebody who may decide and had no hand in anything."""
    return a_member(aims, Role.APPROVER, by=by, name=name)
