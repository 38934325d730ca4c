"""What reasons can point at, now or at an instant: assessments and risks."""

from datetime import datetime

from aims.history import rows_at
from aims.queries import Target
from assessments.models import Assessment, AssessmentState, Risk
from systems.queries import of_system


def assessment_targets(at: datetime | None = None) -> tuple[Target, ...]:
    """The editions that stand: one query."""
    rows = rows_at(Assessment, at).exclude(state=AssessmentState.SUPERSEDED).order_by("code", "id")
    values = rows.annotate(name=of_system("name", at)).values_list("code", "edition", "name")
    return tuple(Target(f"assessment:{code}@{edition}", code, name, "assessment") for code, edition, name in values)


def risk_targets(at: datetime | None = None) -> tuple[Target, ...]:
    """The risks on the register: one query."""
    rows = rows_at(Risk, at).filter(withdrawn_at__isnull=True).order_by("code").values_list("code", "title")
    return tuple(Target(f"risk:{code}", code, title, "risk") for code, title in rows)
