"""The risk register: searched, filtered, sorted and paged in the database; one risk with its treatment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from aims.history import rows_at
from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import Level, judged, rank_of
from assessments.models import AssessmentState, Impact, Risk, RiskImpact, Treatment, Verification
from assessments.queries.banding import rank, standing, standing_score
from assessments.risk.terms import term_label
from controls.models import Requirement
from systems.queries import of_system

SORTS = {
    "code": "code",
    "title": "title",
    "owner": "owner__name",
    "level": "weight",
    "due": "due_on",
}


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One row of the register."""

    address: str
    code: str
    title: str
    source: str
    system: str
    owner: str
    owner_initials: str
    option: str
    before: Level | None
    now: Level | None
    due_on: date | None
    accepted_by: str


@dataclass(frozen=True, slots=True)
class TreatmentLine:
    """A control that treats a risk."""

    pk: int
    version: int
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class FeedLine:
    """An impact that feeds a risk, as the edition in force tells it."""

    pk: int
    version: int
    code: str
    edition: str
    number: int
    description: str
    level: str
    now: Level | None


@dataclass(frozen=True, slots=True)
class RiskSheet:
    """One risk as its page shows it."""

    risk: Risk
    before: Level | None
    now: Level | None
    residual: Level | None
    treatments: tuple[TreatmentLine, ...]
    source: str = ""
    objective: str = ""
    looks: tuple[Verification, ...] = ()
    feeds: tuple[FeedLine, ...] = ()

    @property
    def looked_at(self) -> list[str]:
        """The references of the looks at the treatment."""
        return [look.ref for look in self.looks]


def risk_lines(
    *,
    search: str = "",
    band: str = "",
    owner: str = "",
    option: str = "",
    sort: str = "code",
    at: datetime | None = None,
) -> QuerySet[Risk]:
    """Return the risks that match, with `rank` (1 to 4) and `weight` to sort by, now or as they stood at an instant."""
    rows = rows_at(Risk, at).filter(withdrawn_at__isnull=True)
    rows = rows.select_related("system", "owner", "accepted_by", "criteria")
    rows = rows.annotate(system_name=of_system("name", at), score=standing_score(), severity_now=standing("severity"))
    rows = rows.annotate(rank=rank(Criteria.objects.all()))
    rows = rows.annotate(weight=F("rank") * 100 + F("score"))
    if search:
        rows = rows.filter(
            Q(code__icontains=search)
            | Q(title__icontains=search)
            | Q(source__icontains=search)
            | Q(system_name__icontains=search)
        )
    if band in Band:
        rows = rows.filter(rank=rank_of(Band(band)))
    if owner.isdigit():
        rows = rows.filter(owner_id=int(owner))
    if option:
        rows = rows.filter(option=option)
    return rows.order_by(*_order(sort))


def risk_line(row: Any, base: str) -> RiskLine:
    """Return a row as the register prints it; `base` is the register's address."""
    return RiskLine(
        address=f"{base}{row.code}/",
        code=row.code,
        title=row.title,
        source=row.source,
        system=row.system_name or "",
        owner=row.owner.display_name if row.owner else "",
        owner_initials=row.owner.initials if row.owner else "",
        option=str(row.get_option_display()),
        before=judged(row.criteria, row.likelihood, row.severity),
        now=judged(row.criteria, *row.now),
        due_on=row.due_on,
        accepted_by=row.accepted_by.display_name if row.accepted_by else "",
    )


def risk_sheet(risk: Risk, at: datetime | None = None) -> RiskSheet:
    """Gather what a risk's page shows, now or at an instant: five queries at most more than the row."""
    rows = rows_at(Treatment, at, risk=risk.pk).filter(withdrawn_at__isnull=True).select_related("requirement")
    treatments = rows.order_by("requirement__position", "requirement__code")
    return RiskSheet(
        risk=risk,
        before=judged(risk.criteria, risk.likelihood, risk.severity),
        now=judged(risk.criteria, *risk.now),
        residual=judged(risk.criteria, risk.residual_likelihood, risk.residual_severity),
        treatments=tuple(TreatmentLine(row.pk, row.version, row.requirement) for row in treatments),
        source=term_label("sources", risk.source_kind),
        objective=term_label("objectives", risk.objective),
        looks=_looks(risk, at),
        feeds=feeds_of(risk, at),
    )


def feeds_of(risk: Risk, at: datetime | None = None) -> tuple[FeedLine, ...]:
    """The impacts that feed a risk, each from the edition that counts: two queries, one where there is none."""
    links = rows_at(RiskImpact, at, risk=risk.pk).filter(withdrawn_at__isnull=True)
    named = list(links.values_list("pk", "version", "impact__assessment__code", "impact__number", "impact_id"))
    if not named:
        return ()
    rows = Impact.objects.filter(assessment__code__in={code for _pk, _version, code, _number, _impact in named})
    found: dict[tuple[str, int], Impact] = {}
    for row in rows.select_related("assessment", "assessment__criteria").defer("assessment__frozen").order_by("pk"):
        counted = row.assessment.state == AssessmentState.DECIDED
        key = (row.assessment.code, row.number)
        if counted or key not in found or found[key].assessment.state != AssessmentState.DECIDED:
            found[key] = row
    lines = (_feed(pk, version, found[code, number]) for pk, version, code, number, _impact in named)
    return tuple(sorted(lines, key=lambda line: (line.code, line.number)))


def _feed(pk: int, version: int, row: Impact) -> FeedLine:
    one = row.assessment
    level = judged(one.criteria, *row.now)
    return FeedLine(
        pk, version, one.code, one.edition, row.number, row.description, str(row.get_level_display()), level
    )


def _looks(risk: Risk, at: datetime | None) -> tuple[Verification, ...]:
    rows = rows_at(Verification, at, risk=risk.pk).select_related("verified_by")
    return tuple(rows.order_by("-verified_on", "-id"))


def _order(sort: str) -> list[Any]:
    first = F(SORTS.get(sort.removeprefix("-"), "code"))
    return [first.desc(nulls_last=True) if sort.startswith("-") else first.asc(nulls_last=True), "code"]
