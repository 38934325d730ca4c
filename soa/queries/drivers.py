"""Why a control is needed, computed from links: systems that rely on it, risks it treats, measures it carries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.queries import measures, treatments
from controls.needs import read
from soa.models import Reason
from soa.reasons import Given, parse
from systems.queries import reliances


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that needs a control, with its typed reference."""

    ref: str
    code: str
    label: str
    kind: str
    system_id: int | None = None


def drivers_by_requirement(at: datetime | None = None) -> dict[int, tuple[Driver, ...]]:
    """Return the drivers of every requirement, by its id, now or at an instant; one query."""
    found: dict[int, list[Driver]] = {}
    for need in read(reliances(at), treatments(at), measures(at)):
        code = need.code.partition("@")[0]
        one = Driver(f"{need.kind}:{need.code}", code, f"{code} {need.label}", need.kind, need.system_id)
        found.setdefault(need.requirement_id, []).append(one)
    return {pk: tuple(rows) for pk, rows in found.items()}


def reliers_of(requirement_id: int) -> tuple[Driver, ...]:
    """Return what would be left without the control if it were excluded."""
    return drivers_by_requirement().get(requirement_id, ())


CODES = {"risk": Reason.RISK, "assessment": Reason.IMPACT}


def with_drivers(reasons: Sequence[Given], drivers: Iterable[Driver]) -> list[Given]:
    """Return reasons with the risks and assessments that need the control among them, each as it stands now.

    A reason that points at an earlier edition of an assessment points at the one in force afterwards; the rest stays.
    """
    now = {driver.ref: CODES[driver.kind] for driver in drivers if driver.kind in CODES}
    codes = {ref.partition("@")[0] for ref in now}
    kept = [row for row in reasons if not (row["ref"] not in now and row["ref"].partition("@")[0] in codes)]
    if all(any(row["ref"] == ref for row in kept) for ref in now) and len(kept) == len(reasons):
        return list(reasons)
    said = [f"{row['code']} {row['ref']}".strip() for row in kept]
    return parse([*said, *(f"{code} {ref}" for ref, code in now.items())])


def unnamed(reasons: Sequence[Given], drivers: Iterable[Driver]) -> tuple[Driver, ...]:
    """Return the risks and assessments that need the control and that no reason names."""
    named = {row["ref"] for row in reasons}
    return tuple(driver for driver in drivers if driver.kind in CODES and driver.ref not in named)
