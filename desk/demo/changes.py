"""What changed about the systems: approved plans, one that failed, one in test and one that went round its gate."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from accounts.actor import Actor
from changes.actions import (
    Canary,
    Measured,
    Said,
    approve_change,
    declare_emergency,
    describe_change,
    meet_by_canary,
    meet_by_result,
    open_change,
    say_touched,
    waive,
    withdraw_change,
)
from changes.models import ChangeRecord, Effect
from desk.demo.script import Data
from desk.demo.stage import Act, Stage


def acts(stage: Stage, changes: list[Data]) -> Iterator[Act]:
    """Everything this part of the story tells; edits open the changes that nobody planned."""
    for row in changes:
        if planned := row.get("planned"):
            yield Act(stage.at(planned["at"]), row["who"], partial(_plan, stage, row["system"], planned))
        for act in row["acts"]:
            yield Act(stage.at(act["at"]), act.get("who", row["who"]), partial(_act, stage, row["system"], act))


def _plan(stage: Stage, system: str, planned: Data, actor: Actor) -> object:
    about = {name: planned[name] for name in ("title", "kinds", "summary")}
    return open_change(stage.system(system), actor=actor, **about)


def _act(stage: Stage, system: str, act: Data, actor: Actor) -> object:
    change = ChangeRecord.objects.undecided().get(system__code=system)
    return DOES[act["does"]](stage, change, act, {"seen": change.version, "actor": actor})


def _result(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    value, limit = Decimal(act["value"]), Decimal(act["threshold"])
    return meet_by_result(change, Measured(act["benchmark"], value, limit, note=act.get("note", "")), **by)


def _canary(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return meet_by_canary(change, Canary(Decimal(act["share"]), act["hours"], has_passed=True), **by)


def _waived(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return waive(change, act["demand"], reason=act["why"], **by)


def _said(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return say_touched(change, {thing.pk: Said(Effect.NONE, act["because"]) for thing in change.touched.all()}, **by)


def _described(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return describe_change(change, title=act["title"], summary=act["summary"], **by)


def _emergency(stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return declare_emergency(change, reason=act["why"], approve_by=stage.day(act["by"]), **by)


def _approved(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return approve_change(change, reason=act["why"], **by)


def _withdrawn(_stage: Stage, change: ChangeRecord, act: Data, by: Data) -> object:
    return withdraw_change(change, reason=act["why"], **by)


DOES: dict[str, Callable[[Stage, ChangeRecord, Data, dict[str, Any]], object]] = {
    "result": _result,
    "canary": _canary,
    "waived": _waived,
    "said": _said,
    "described": _described,
    "emergency": _emergency,
    "approved": _approved,
    "withdrawn": _withdrawn,
}
