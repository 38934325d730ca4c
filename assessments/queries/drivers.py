"""Why a control is needed: the risks it treats and the impacts whose measures it carries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from aims.history import rows_at, then
from assessments.models import Assessment, AssessmentState, Measure, Risk, Treatment
from systems.queries import of_system


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that needs a control."""

    ref: str
    code: str
    label: str
    system_id: int | None = None


def in_force(prefix: str = "") -> Q:
    """The edition that counts for each code: the decided one, or the first while none is decided."""
    return counts(f"{prefix}state", f"{prefix}replaces")


def counts(state: str, replaces: str) -> Q:
    """The same by the names that a query gives to an edition's state and to the edition it replaces."""
    is_first = Q(**{f"{replaces}__isnull": True})
    return Q(**{state: AssessmentState.DECIDED}) | (~Q(**{state: AssessmentState.SUPERSEDED}) & is_first)


def _kept(prefix: str, at: datetime | None) -> Q:
    """What was not withdrawn; an instant of withdrawal is never taken back, so today's row tells the past too."""
    name = f"{prefix}withdrawn_at"
    kept = Q(**{f"{name}__isnull": True})
    return kept if at is None else kept | Q(**{f"{name}__gt": at})


def treatments_by_requirement(at: datetime | None = None) -> dict[int, tuple[Driver, ...]]:
    """Risks on the register by the requirement that treats them, now or at an instant: one query."""
    rows = rows_at(Treatment, at).filter(_kept("risk__", at), withdrawn_at__isnull=True)
    rows = rows.annotate(title=F("risk__title") if at is None else then(Risk, "title", "risk_id", at))
    values = rows.order_by("risk__code").values_list("requirement_id", "risk__code", "title", "risk__system_id")
    return _grouped(
        (requirement, Driver(f"risk:{code}", code, title, system)) for requirement, code, title, system in values
    )


def measures_by_requirement(at: datetime | None = None) -> dict[int, tuple[Driver, ...]]:
    """Assessments in force by the requirement that carries one of their measures, now or at an instant: one query."""
    about = "impact__assessment"
    rows = rows_at(Measure, at).filter(_kept("impact__", at), requirement__isnull=False, withdrawn_at__isnull=True)
    if at is None:
        rows = rows.filter(in_force(f"{about}__"))
    else:
        rows = rows.annotate(state=then(Assessment, "state", f"{about}_id", at))
        rows = rows.filter(counts("state", f"{about}__replaces"))
    rows = rows.annotate(name=of_system("name", at, f"{about}__system"))
    names = ("requirement_id", f"{about}__code", f"{about}__edition", "name", f"{about}__system_id")
    values = rows.order_by(f"{about}__code", f"{about}__edition").values_list(*names).distinct()
    return _grouped(
        (requirement, Driver(f"assessment:{code}@{edition}", code, system, system_id))
        for requirement, code, edition, system, system_id in values
    )


def _grouped(pairs: Iterable[tuple[int | None, Driver]]) -> dict[int, tuple[Driver, ...]]:
    found: dict[int, list[Driver]] = {}
    for requirement, driver in pairs:
        if requirement is not None:
            found.setdefault(requirement, []).append(driver)
    return {requirement: tuple(drivers) for requirement, drivers in found.items()}
