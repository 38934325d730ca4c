"""What stands above the acceptance level while nothing treats it: harms without a measure, risks left as they are.

A risk is treated by a control, by avoiding or sharing it until a date, or by the acceptance of whoever may accept it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Value

from aims.history import rows_at
from aims.models import Criteria
from assessments.bands import Level
from assessments.models import Assessment, Impact, Measure, Option, Risk, Treatment, Valence
from assessments.queries.banding import standing
from assessments.queries.drivers import counts

SCORES = range(1, 6)
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
    """Count what stands above acceptance untreated, now or at an instant; one query, of a few rows for each version."""
    harms = _groups(open_harms(at), "impacts", "assessment__criteria", "assessment__code")
    risks = _groups(open_risks(at), "risks", "criteria", "code")
    found: dict[str, list[tuple[int, str]]] = {"impacts": [], "risks": []}
    for likelihood, severity, bands, floor, acceptable, kind, count, first in harms.union(risks, all=True):
        judge = Criteria(bands=bands, severity_five_at_least=floor, acceptable_up_to=acceptable)
        if not judge.is_acceptable(judge.band(likelihood, severity)):
            found[kind].append((count, first))
    return Untreated(_some(found["impacts"]), _some(found["risks"]))


def above(criteria: Criteria) -> frozenset[Cell]:
    """The pairs of likelihood and severity that these criteria put above the acceptance level."""
    return frozenset((x, y) for x in SCORES for y in SCORES if not criteria.is_acceptable(criteria.band(x, y)))


def open_harms(at: datetime | None = None) -> "QuerySet[Impact]":
    """Scored harms of editions that count, without any measure; each annotated with where it stands."""
    treated = rows_at(Measure, at).filter(impact=OuterRef("id"), withdrawn_at__isnull=True)
    rows = rows_at(Impact, at).filter(valence=Valence.HARM, withdrawn_at__isnull=True)
    rows = _standing(rows).filter(~Exists(treated))
    if at is None:
        return rows.filter(counts("assessment__state", "assessment__replaces"))
    return rows.filter(assessment_id__in=_editions(at).values("id"))


def open_risks(at: datetime | None = None) -> "QuerySet[Risk]":
    """Scored risks that nobody accepted and nothing treats; each annotated with where it stands."""
    treated = rows_at(Treatment, at).filter(risk=OuterRef("id"), withdrawn_at__isnull=True)
    rows = _standing(rows_at(Risk, at).filter(withdrawn_at__isnull=True, accepted_at__isnull=True))
    is_passed_on = Q(option__in=(Option.AVOID, Option.SHARE), due_on__isnull=False)
    return rows.exclude(is_passed_on).filter(~Exists(treated))


def above_acceptance(rows: "QuerySet[Any]", owner: str) -> "QuerySet[Any]":
    """Keep annotated rows above the acceptance level of their own criteria, which `owner` leads to; one query more."""
    wanted = Q(pk__in=())
    for criteria in Criteria.objects.all():
        wanted |= Q(**{owner: criteria.pk}) & in_cells(above(criteria))
    return rows.filter(wanted)


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
    return rows.filter(likelihood_now__isnull=False, severity_now__isnull=False)


def _editions(at: datetime) -> "QuerySet[Assessment]":
    return rows_at(Assessment, at).filter(counts("state", "replaces"))


def _groups(rows: "QuerySet[Any]", kind: str, owner: str, code: str) -> "QuerySet[Any, tuple[Any, ...]]":
    """Count by cell and criteria in the database, so that few groups are judged here however many rows there are."""
    criteria = (f"{owner}__{name}" for name in ("bands", "severity_five_at_least", "acceptable_up_to"))
    names = ("likelihood_now", "severity_now", *criteria)
    groups = rows.order_by().values(*names).annotate(kind=Value(kind), count=Count("id"), first=Min(F(code)))
    return groups.values_list(*names, "kind", "count", "first")


def _some(groups: list[tuple[int, str]]) -> Some:
    return Some(sum(count for count, _first in groups), min((first for _count, first in groups), default=""))
