"""What stands above the acceptance level while nothing treats it: harms without a measure, risks left as they are.

What treats a risk is said in `assessments/risk/treated.py`; acceptance by whoever may accept it settles any. A harm is
treated by a measure that is not known to fail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value

from aims.history import rows_at
from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import Level
from assessments.models import Assessment, Impact, Measure, Risk, Treatment, Valence
from assessments.queries.banding import standing
from assessments.queries.drivers import counts
from assessments.risk.treated import treated

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Some:
    """How many there are, and the code of the first."""

    count: int = 0
    first: str = ""


@dataclass(frozen=True, slots=True)
class Untreated:
    """Harms (by the assessment they stand in) and risks above acceptance that nothing treats."""

    impacts: Some = Some()
    risks: Some = Some()


def untreated(at: datetime | None = None) -> Untreated:
    """Count what stands above acceptance untreated, now or at an instant; two queries."""
    found = (rows.aggregate(count=Count("id"), first=Min(F(code))) for rows, code in _open(at))
    impacts, risks = (Some(row["count"], row["first"] or "") for row in found)
    return Untreated(impacts, risks)


def open_counts(at: datetime | None = None) -> dict[str, Subquery]:
    """The same as annotations, for a query that is asked anyway; `counted` reads them."""
    (harms, of_harm), (risks, of_risk) = _open(at)
    return {
        "open_harms": Subquery(_counted(harms)),
        "open_harm": Subquery(harms.order_by(of_harm).values(of_harm)[:1]),
        "open_risks": Subquery(_counted(risks)),
        "open_risk": Subquery(risks.order_by(of_risk).values(of_risk)[:1]),
    }


def counted(row: Any) -> Untreated:
    """Read the annotations of `open_counts` from a row."""
    return Untreated(Some(row.open_harms or 0, row.open_harm or ""), Some(row.open_risks or 0, row.open_risk or ""))


def above_acceptance(rows: "QuerySet[Any]", owner: str) -> "QuerySet[Any]":
    """Keep annotated rows above the acceptance level of their own criteria, which `owner` leads to."""
    above = Q(score_now__gt=F(f"{owner}__acceptable_score"))
    for place, band in enumerate(Band):
        floors = {f"{owner}__severity_five_at_least__in": [later.value for later in Band][place + 1 :]}
        above |= Q(severity_now=5, **{f"{owner}__acceptable_up_to": band.value}, **floors)
    kept: QuerySet[Any] = rows.filter(above)
    return kept


def _open(at: datetime | None) -> "tuple[tuple[QuerySet[Any], str], tuple[QuerySet[Any], str]]":
    harms = above_acceptance(open_harms(at), "assessment__criteria")
    return (harms, "assessment__code"), (above_acceptance(open_risks(at), "criteria"), "code")


def _counted(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    together = rows.order_by().annotate(all=Value(1)).values("all").annotate(count=Count("id"))
    only: QuerySet[Any] = together.values("count")
    return only


def open_harms(at: datetime | None = None) -> "QuerySet[Impact]":
    """Scored harms of editions that count, without a measure that may hold; each annotated with where it stands."""
    measures = rows_at(Measure, at).filter(impact=OuterRef("id"), withdrawn_at__isnull=True, is_failing=False)
    rows = rows_at(Impact, at).filter(valence=Valence.HARM, withdrawn_at__isnull=True)
    rows = _standing(rows).filter(~Exists(measures))
    if at is None:
        return rows.filter(counts("assessment__state", "assessment__replaces"))
    return rows.filter(assessment_id__in=_editions(at).values("id"))


def open_risks(at: datetime | None = None) -> "QuerySet[Risk]":
    """Scored risks that nobody accepted and nothing treats; each annotated with where it stands."""
    controls = rows_at(Treatment, at).filter(risk=OuterRef("id"), withdrawn_at__isnull=True)
    rows = _standing(rows_at(Risk, at).filter(withdrawn_at__isnull=True, accepted_at__isnull=True))
    return rows.filter(~treated(Exists(controls)))


def in_cells(cells: Iterable[Cell]) -> Q:
    """Return the condition that an annotated row stands in one of the cells."""
    found = Q(pk__in=())
    by_likelihood: dict[int, list[int]] = {}
    for likelihood, severity in sorted(cells):
        by_likelihood.setdefault(likelihood, []).append(severity)
    for likelihood, severities in by_likelihood.items():
        found |= Q(likelihood_now=likelihood, severity_now__in=severities)
    return found


def level_of(row: Any, criteria: Criteria) -> Level:
    """Judge an annotated row."""
    return Level(row.likelihood_now, row.severity_now, criteria.band(row.likelihood_now, row.severity_now))


def _standing(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    rows = rows.annotate(likelihood_now=standing("likelihood"), severity_now=standing("severity"))
    rows = rows.filter(likelihood_now__isnull=False, severity_now__isnull=False)
    scored: QuerySet[Any] = rows.annotate(score_now=F("likelihood_now") * F("severity_now"))
    return scored


def _editions(at: datetime) -> "QuerySet[Assessment]":
    return rows_at(Assessment, at).filter(counts("state", "replaces"))
