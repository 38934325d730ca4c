"""What a system needs at once, and whether its record says that it is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from systems.models import AiSystem, Stage
from systems.record.places import at


@dataclass(frozen=True, slots=True)
class FirstTask:
    """A task that a new system opens; `is_done` tells from a record that nothing is left to do."""

    kind: str
    words: str | Promise
    is_done: Callable[[dict[str, Any]], bool]

    def title(self, system: AiSystem) -> str:
        """The task in words, with the system's name."""
        return str(self.words) % {"name": system.name}


def _never(_record: dict[str, Any]) -> bool:
    return False


def _says(*path: str) -> Callable[[dict[str, Any]], bool]:
    return lambda record: at(record, *path) not in (None, False, "")


ASSESS = FirstTask("system.assess", _("Assess the impacts of %(name)s"), _never)
FIRST_TASKS = (
    ASSESS,
    FirstTask(
        "system.data", _("Check the data governance of %(name)s"), _says("governance", "data_governance_checked_on")
    ),
    FirstTask("system.logging", _("Set up logging for %(name)s"), _says("logging", "enabled")),
    FirstTask("system.monitoring", _("Set up monitoring for %(name)s"), _says("monitoring", "enabled")),
)
RETIRE = "system.retire"
KINDS = tuple(task.kind for task in FIRST_TASKS)


def tasks_of(system: AiSystem) -> list[FirstTask]:
    """Return what the system needs at once; one that is retired, or says so, needs nothing."""
    if Stage.RETIRED in (system.stage, system.claimed_stage):
        return []
    return [task for task in FIRST_TASKS if not task.is_done(system.record)]
