"""Why a control is needed, computed from links: systems that rely on it, risks it treats, measures it carries."""

from dataclasses import dataclass
from datetime import datetime

from assessments.queries import measures, treatments
from controls.needs import read
from systems.queries import reliances


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that needs a control, with its typed reference."""

    ref: str
    code: str
    label: str
    kind: str


def drivers_by_requirement(at: datetime | None = None) -> dict[int, tuple[Driver, ...]]:
    """Return the drivers of every requirement, by its id, now or at an instant; one query."""
    found: dict[int, list[Driver]] = {}
    for need in read(reliances(at), treatments(at), measures(at)):
        code = need.code.partition("@")[0]
        one = Driver(f"{need.kind}:{need.code}", code, f"{code} {need.label}", need.kind)
        found.setdefault(need.requirement_id, []).append(one)
    return {pk: tuple(rows) for pk, rows in found.items()}


def reliers_of(requirement_id: int) -> tuple[Driver, ...]:
    """Return what would be left without the control if it were excluded."""
    return drivers_by_requirement().get(requirement_id, ())
