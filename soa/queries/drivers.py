"""Why a control is needed, computed from links: systems that rely on it, risks it treats, measures it carries."""

from dataclasses import dataclass
from datetime import datetime

from assessments.queries import measures_by_requirement, treatments_by_requirement
from systems.queries import reliances_by_requirement


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that needs a control, with its typed reference."""

    ref: str
    code: str
    label: str
    kind: str


def drivers_by_requirement(at: datetime | None = None) -> dict[int, tuple[Driver, ...]]:
    """Return the drivers of every requirement, by its id, now or at an instant; three queries."""
    found: dict[int, list[Driver]] = {}
    for pk, systems in reliances_by_requirement(at).items():
        found.setdefault(pk, []).extend(
            Driver(row.ref, row.code, f"{row.code} {row.name}", "system") for row in systems
        )
    for pk, risks in treatments_by_requirement(at).items():
        found.setdefault(pk, []).extend(Driver(row.ref, row.code, f"{row.code} {row.label}", "risk") for row in risks)
    for pk, measures in measures_by_requirement(at).items():
        found.setdefault(pk, []).extend(
            Driver(row.ref, row.code, f"{row.code} {row.label}", "assessment") for row in measures
        )
    return {pk: tuple(rows) for pk, rows in found.items()}


def reliers_of(requirement_id: int) -> tuple[Driver, ...]:
    """Return what would be left without the control if it were excluded."""
    return drivers_by_requirement().get(requirement_id, ())
