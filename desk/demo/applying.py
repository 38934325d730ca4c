"""What the owners of the systems wrote down about them: what applies follows from it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

from accounts.actor import Actor
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from systems.actions import edit_system


def acts(stage: Stage, told: list[Data]) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for row in told:
        yield Act(stage.at(row["at"]), row["who"], partial(_write_down, stage, row))


def _write_down(stage: Stage, row: Data, actor: Actor) -> object:
    system = stage.system(row["system"])
    record = laid_over(system.record, row["record"])
    return edit_system(system, record=record, reason=row["why"], seen=system.version, actor=actor)


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with another over it: fields are joined, everything else is what the other says."""
    joined = dict(deepcopy(below))
    for name, value in above.items():
        held = joined.get(name)
        joined[name] = laid_over(held, value) if isinstance(held, dict) and isinstance(value, dict) else deepcopy(value)
    return joined
