"""What reasons can point at: assessments and risks."""

from aims.queries import Target
from assessments.models import Assessment, AssessmentState, Risk


def assessment_targets() -> tuple[Target, ...]:
    """The editions that stand: one query."""
    rows = Assessment.objects.exclude(state=AssessmentState.SUPERSEDED).order_by("code", "pk")
    values = rows.values_list("code", "edition", "system__name")
    return tuple(Target(f"assessment:{code}@{edition}", code, name, "assessment") for code, edition, name in values)


def risk_targets() -> tuple[Target, ...]:
    """The risks on the register: one query."""
    rows = Risk.objects.filter(withdrawn_at__isnull=True).order_by("code").values_list("code", "title")
    return tuple(Target(f"risk:{code}", code, title, "risk") for code, title in rows)
