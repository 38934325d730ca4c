"""The list of assessments: searched, filtered, sorted and paged in the database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from aims.history import rows_at
from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import band_of, rank_of
from assessments.models import Assessment, AssessmentState, Impact, Valence
from assessments.queries.banding import rank, standing, standing_score
from systems.queries import of_system

SORTS = {
    "code": ("code", "id"),
    "system": ("system_name", "code", "id"),
    "state": ("state", "code", "id"),
    "worst": ("worst", "code", "id"),
    "review": ("next_review_on", "code", "id"),
}


# Glyph and tone by state.
MARKS = {
    AssessmentState.DRAFT: ("half", ""),
    AssessmentState.SUBMITTED: ("half", "info"),
    AssessmentState.RETURNED: ("due", "warn"),
    AssessmentState.DECIDED: ("seal", "ok"),
    AssessmentState.SUPERSEDED: ("na", ""),
}


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One row of the list; `words` is the decision, or the state until there is one."""

    address: str
    code: str
    edition: str
    system_code: str
    system_name: str
    glyph: str
    tone: str
    words: str
    score: int | None
    band: Band | None
    next_review_on: date | None

    @property
    def rank(self) -> int | None:
        """The worst band as a number, 1 to 4."""
        return rank_of(self.band) if self.band else None

    @property
    def band_label(self) -> str:
        """The worst band in words."""
        return str(self.band.label) if self.band else ""


def decided_assessment(code: str, edition: str) -> tuple[str, ...]:
    """Return the reference of an edition that was decided on; a draft can be shared by nobody."""
    rows = Assessment.objects.filter(code=code, edition=edition, decided_at__isnull=False).defer("frozen")
    return tuple(row.ref for row in rows)


def assessment_lines(
    *, search: str = "", state: str = "", band: str = "", sort: str = "code", at: datetime | None = None
) -> QuerySet[Assessment]:
    """Return the rows that match, with `worst` (band rank * 100 + score); superseded ones only when asked for.

    With `at` they are, are found and are judged as they stood at that instant.
    """
    rows = rows_at(Assessment, at).select_related("system")
    rows = rows.annotate(worst=_worst(at), system_name=of_system("name", at))
    rows = rows.filter(state=state) if state else rows.exclude(state=AssessmentState.SUPERSEDED)
    if search:
        rows = rows.filter(
            Q(code__icontains=search) | Q(system_name__icontains=search) | Q(intended_use__icontains=search)
        )
    if band in Band:
        lowest = rank_of(Band(band)) * 100
        rows = rows.filter(worst__gte=lowest, worst__lt=lowest + 100)
    return rows.order_by(*_order(sort))


def assessment_line(row: Any, base: str) -> AssessmentLine:
    """Return an annotated row as the page prints it; `base` is the list's address."""
    found, score = divmod(row.worst, 100) if row.worst else (None, None)
    glyph, tone = MARKS[AssessmentState(row.state)]
    is_settled = row.state == AssessmentState.DECIDED
    return AssessmentLine(
        address=f"{base}{row.code}/{row.edition}/",
        code=row.code,
        edition=row.edition,
        system_code=row.system.code,
        system_name=row.system_name,
        glyph=glyph,
        tone=tone,
        words=str(row.get_decision_display() if is_settled else row.get_state_display()),
        score=score,
        band=band_of(found) if found else None,
        next_review_on=row.next_review_on,
    )


def _worst(at: datetime | None) -> Subquery:
    harms = rows_at(Impact, at).filter(assessment=OuterRef("id"), valence=Valence.HARM, withdrawn_at__isnull=True)
    harms = harms.annotate(score=standing_score(), severity_now=standing("severity"))
    harms = harms.annotate(rank=rank(Criteria.objects.all(), owner="assessment__criteria"))
    by_assessment = harms.order_by().values("assessment").annotate(worst=Max(F("rank") * 100 + F("score")))
    return Subquery(by_assessment.values("worst"))


def _order(sort: str) -> list[Any]:
    names = SORTS.get(sort.removeprefix("-"), SORTS["code"])
    first = F(names[0])
    is_down = sort.startswith("-")
    return [first.desc(nulls_last=True) if is_down else first.asc(nulls_last=True), *names[1:]]
