"""The list of assessments: searched, filtered, sorted and paged in the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import band_of
from assessments.models import Assessment, AssessmentState, Impact, Valence
from assessments.queries.banding import rank, standing, standing_score

SORTS = {
    "code": ("code", "pk"),
    "system": ("system__name", "code"),
    "state": ("state", "code"),
    "worst": ("worst", "code"),
    "review": ("next_review_on", "code"),
}


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One row of the list."""

    code: str
    edition: str
    system_code: str
    system_name: str
    state: str
    state_label: str
    decision: str
    decision_label: str
    score: int | None
    band: Band | None
    next_review_on: date | None

    @property
    def rank(self) -> int | None:
        """The worst band as a number, 1 to 4."""
        return list(Band).index(self.band) + 1 if self.band else None


def assessment_lines(*, search: str = "", state: str = "", band: str = "", sort: str = "code") -> QuerySet[Assessment]:
    """Return the rows that match, with `worst` (band rank * 100 + score); superseded ones only when asked for."""
    rows = Assessment.objects.select_related("system").annotate(worst=_worst())
    rows = rows.filter(state=state) if state else rows.exclude(state=AssessmentState.SUPERSEDED)
    if search:
        rows = rows.filter(
            Q(code__icontains=search) | Q(system__name__icontains=search) | Q(intended_use__icontains=search)
        )
    if band in Band:
        lowest = (list(Band).index(Band(band)) + 1) * 100
        rows = rows.filter(worst__gte=lowest, worst__lt=lowest + 100)
    return rows.order_by(*_order(sort))


def assessment_line(row: Any) -> AssessmentLine:
    """Return an annotated row as the page prints it."""
    found, score = divmod(row.worst, 100) if row.worst else (None, None)
    return AssessmentLine(
        code=row.code,
        edition=row.edition,
        system_code=row.system.code,
        system_name=row.system.name,
        state=row.state,
        state_label=row.get_state_display(),
        decision=row.decision,
        decision_label=row.get_decision_display(),
        score=score,
        band=band_of(found) if found else None,
        next_review_on=row.next_review_on,
    )


def _worst() -> Subquery:
    harms = Impact.objects.filter(assessment=OuterRef("pk"), valence=Valence.HARM, withdrawn_at__isnull=True)
    harms = harms.annotate(score=standing_score(), severity_now=standing("severity"))
    harms = harms.annotate(rank=rank(Criteria.objects.all(), owner="assessment__criteria"))
    by_assessment = harms.order_by().values("assessment").annotate(worst=Max(F("rank") * 100 + F("score")))
    return Subquery(by_assessment.values("worst"))


def _order(sort: str) -> list[Any]:
    names = SORTS.get(sort.removeprefix("-"), SORTS["code"])
    first = F(names[0])
    is_down = sort.startswith("-")
    return [first.desc(nulls_last=True) if is_down else first.asc(nulls_last=True), *names[1:]]
