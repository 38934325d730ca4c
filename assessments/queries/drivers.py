"""Why a control is needed: the risks it treats and the impacts whose measures it carries."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q

from aims.history import rows_at, then
from assessments.models import Assessment, AssessmentState, Measure, Risk, Treatment
from controls.needs import needs
from systems.queries import of_system


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


def treatments(at: datetime | None = None) -> Any:
    """Return risks on the register by the requirement that treats them, now or then, for `controls.needs.read`."""
    rows: Any = rows_at(Treatment, at).filter(_kept("risk__", at), withdrawn_at__isnull=True)
    rows = rows.annotate(title=F("risk__title") if at is None else then(Risk, "title", "risk_id", at))
    return needs(rows, Risk.ref_kind, code="risk__code", label="title")


def measures(at: datetime | None = None) -> Any:
    """Return assessments in force by the requirement that carries one of their measures, for `controls.needs.read`."""
    about = "impact__assessment"
    rows: Any = rows_at(Measure, at).filter(_kept("impact__", at), requirement__isnull=False, withdrawn_at__isnull=True)
    if at is None:
        rows = rows.filter(in_force(f"{about}__"))
    else:
        rows = rows.annotate(state=then(Assessment, "state", f"{about}_id", at))
        rows = rows.filter(counts("state", f"{about}__replaces"))
    rows = rows.annotate(name=of_system("name", at, f"{about}__system"))
    return needs(rows, Assessment.ref_kind, code=f"{about}__code", edition=f"{about}__edition", label="name")
