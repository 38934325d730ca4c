"""Which assessment counts for a system: the decided edition, else the one that is being written."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from assessments.models import Assessment, AssessmentState
from assessments.queries.drivers import in_force as counting
from assessments.screening.queries import Screened, signed_screenings
from systems.models import AiSystem
from trace.lineage.once import each


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment that counts, and the system and version it judged."""

    ref: str
    system: str
    version: str
    is_decided: bool


def in_force(systems: Collection[str]) -> list[Judged]:
    """Return the assessments that count for these systems; one query for those not asked for before."""
    return each("judged", systems, lambda codes: ((one.system, one) for one in _judged(Q(system__code__in=codes))))


def in_force_among(assessments: Collection[str]) -> list[Judged]:
    """Return those of these editions (IA-2026-08@1.3) that count for their system; one query."""
    codes = {code.partition("@")[0] for code in assessments}
    wanted = {f"assessment:{code}" for code in assessments}
    return [one for one in _judged(Q(code__in=codes)) if one.ref in wanted] if codes else []


def screened(systems: Collection[str]) -> dict[str, Screened]:
    """Return the signed screenings that count for these systems, by their codes; one query."""
    return dict(each("screened", systems, _screened))


def _screened(codes: set[str]) -> list[tuple[str, tuple[str, Screened]]]:
    these = AiSystem.objects.filter(code__in=codes).values("pk")
    return [(one.system_code, (one.system_code, one)) for one in signed_screenings(systems=these).values()]


def _judged(these: Q) -> list[Judged]:
    rows = Assessment.objects.filter(these & counting()).order_by("code", "pk")
    values = rows.values_list("code", "edition", "system__code", "system_version", "state")
    return [
        Judged(f"assessment:{code}@{edition}", system, version, state == AssessmentState.DECIDED)
        for code, edition, system, version, state in values
    ]
