"""The life cycle of a system of the walk: signed into use under a condition, and asked on; rules, functions, advice."""

from collections.abc import Callable
from datetime import timedelta

from controls.models import Requirement
from systems.actions import (
    Condition,
    Thought,
    advise,
    ask_move,
    edit_system,
    name_function,
    set_rule,
    sign_move,
)
from systems.lifecycle.models import Mode
from systems.models import AiSystem, GateRule
from tests.matrix.tenant import CHIEF, NOW, Tenant
from tests.systems.make import COMPLETE

Says = Callable[[str], str]


def along_the_life_cycle(tenant: Tenant, system: AiSystem, says: Says) -> None:
    """Move the system into deployment, with its suppliers left open, and ask for operation."""
    author, approver = tenant.author, tenant.actor("approver")
    if not GateRule.objects.exists():
        for name in ("reviewer", CHIEF):
            name_function("Data protection officer", tenant.people[name], actor=author)
        about = {"reason": says("rule"), "seen": 0, "actor": author}
        elsewhere = {"where": [says("land")], "rule": {"role": "officer"}}
        set_rule({"all": [{"role": "approver"}, elsewhere]}, stage="deployment", **about)
        set_rule({"checks": "mandatory"}, requirement=Requirement.objects.get(code="A.6.2.4"), **about)
    record = system.record | {name: value for name, value in COMPLETE.items() if name != "classification"}
    record["classification"] = system.record["classification"] | {"data_sensitivity": "internal", "risk_tier": "low"}
    record |= {"unit": says("unit"), "contact": says("contact"), "owner": system.record["owner"]}
    system = edit_system(system, record=record, seen=system.version, actor=author)
    advise(system, text=says("advice"), actor=tenant.actor("reviewer"))
    for stage in ("design", "verification"):
        system = ask_move(system, stage, reason=says("on"), seen=system.version, actor=author).system
    due = NOW.date() + timedelta(days=60)
    given = [Condition("suppliers", says("condition"), tenant.people["owner"], due)]
    thought = Thought(says("harm"), reversing=says("back"))
    about = {"mode": Mode.PARTIAL, "conditions": given, "thought": thought, "reason": says("use"), "actor": author}
    move = ask_move(system, "deployment", seen=system.version, **about)
    move = sign_move(move, note=says("note"), seen=move.version, actor=approver)
    ask_move(move.system, "operation", seen=move.system.version, **about)
