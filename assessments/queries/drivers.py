"""Why a control is needed: the risks it treats and the impacts whose measures it carries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from assessments.models import AssessmentState, Measure, Treatment


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that needs a control."""

    ref: str
    code: str
    label: str


def in_force(prefix: str = "") -> Q:
    """The edition that counts for each code: the decided one, or the first while none is decided."""
    state, replaces = f"{prefix}state", f"{prefix}replaces__isnull"
    return Q(**{state: AssessmentState.DECIDED}) | (~Q(**{state: AssessmentState.SUPERSEDED}) & Q(**{replaces: True}))


def treatments_by_requirement() -> dict[int, tuple[Driver, ...]]:
    """Risks on the register by the requirement that treats them: one query."""
    rows = Treatment.objects.filter(withdrawn_at__isnull=True, risk__withdrawn_at__isnull=True)
    values = rows.order_by("risk__code").values_list("requirement_id", "risk__code", "risk__title")
    return _grouped((requirement, Driver(f"risk:{code}", code, title)) for requirement, code, title in values)


def measures_by_requirement() -> dict[int, tuple[Driver, ...]]:
    """Assessments in force by the requirement that carries one of their measures: one query."""
    rows = Measure.objects.filter(
        in_force("impact__assessment__"),
        requirement__isnull=False,
        withdrawn_at__isnull=True,
        impact__withdrawn_at__isnull=True,
    )
    names = ("requirement_id", *(f"impact__assessment__{name}" for name in ("code", "edition", "system__name")))
    values = rows.order_by("impact__assessment__code").values_list(*names).distinct()
    return _grouped(
        (requirement, Driver(f"assessment:{code}@{edition}", code, system))
        for requirement, code, edition, system in values
    )


def _grouped(pairs: Iterable[tuple[int | None, Driver]]) -> dict[int, tuple[Driver, ...]]:
    found: dict[int, list[Driver]] = {}
    for requirement, driver in pairs:
        if requirement is not None:
            found.setdefault(requirement, []).append(driver)
    return {requirement: tuple(drivers) for requirement, drivers in found.items()}
