"""Everything one assessment says, judged by its own criteria: five queries, then no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from aims.history import rows_at
from assessments.bands import Level, judged, worst
from assessments.dimensions import dimension_label
from assessments.models import (
    AffectedParty,
    Assessment,
    AssessmentState,
    Impact,
    Measure,
    SectionText,
    Valence,
)
from assessments.ports import shortcoming, shortcoming_in_words
from controls.models import Requirement


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure and the control that carries it.

    `is_failing` is what a person said; `fails_because` is what the facts about its control say.
    """

    pk: int
    version: int
    impact_pk: int
    impact_number: int
    text: str
    requirement: Requirement | None
    is_in_place: bool
    due_on: date | None
    kind: str = ""
    is_failing: bool = False
    fails_because: str = ""

    @property
    def counts(self) -> bool:
        """Whether what remains may lean on it: it is in place and not known to fail."""
        return self.is_in_place and not self.is_failing and not self.fails_because


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """An impact with its three judgements; benefits have none, for they are never netted against harms."""

    pk: int
    version: int
    number: int
    row: Impact
    is_harm: bool
    before: Level | None
    now: Level | None
    target: Level | None
    measures: tuple[MeasureLine, ...]

    @property
    def key(self) -> str:
        """The id as text, for the names of its fields."""
        return str(self.pk)

    @property
    def dimension(self) -> str:
        """The dimension in words."""
        return dimension_label(self.row.dimension) if self.row.dimension else ""

    @property
    def is_lowered(self) -> bool:
        """Whether what remains is judged lower than it was before measures."""
        return bool(self.before and self.now and self.now.score < self.before.score)

    @property
    def is_lowered_without_measure(self) -> bool:
        """Whether the lower score rests on nothing that is in place."""
        return self.is_lowered and not any(measure.counts for measure in self.measures)

    @property
    def is_target_met(self) -> bool:
        """Whether what remains is no worse than the target."""
        return bool(self.target and self.now and self.now.score <= self.target.score)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assessment as its page, its frozen form and its checks read it."""

    assessment: Assessment
    parties: tuple[AffectedParty, ...]
    impacts: tuple[ImpactLine, ...]
    answers: Mapping[str, SectionText] = field(default_factory=dict)

    @property
    def harms(self) -> tuple[ImpactLine, ...]:
        """The impacts that are judged."""
        return tuple(impact for impact in self.impacts if impact.is_harm)

    @property
    def benefits(self) -> tuple[ImpactLine, ...]:
        """The impacts that are listed apart."""
        return tuple(impact for impact in self.impacts if not impact.is_harm)

    @property
    def measures(self) -> tuple[MeasureLine, ...]:
        """All measures, by impact."""
        return tuple(measure for impact in self.impacts for measure in impact.measures)

    @property
    def worst_now(self) -> Level | None:
        """The worst level that remains."""
        return worst(impact.now for impact in self.harms)

    @property
    def worst_before(self) -> Level | None:
        """The worst level before measures."""
        return worst(impact.before for impact in self.harms)


def sheet_of(assessment: Assessment, at: datetime | None = None) -> Sheet:
    """Gather the parts of an assessment, now or at an instant; its system and criteria come with it when selected.

    Whether a control fails is asked as of then, and of a decided edition as of its decision: it stays as it was judged.
    """
    live = {"withdrawn_at__isnull": True}
    measures = _measures(assessment, at).filter(**live).select_related("requirement")
    impacts = list(rows_at(Impact, at, assessment=assessment.pk).filter(**live).order_by("number"))
    by_impact: dict[int, list[Measure]] = {impact.pk: [] for impact in impacts}
    for measure in measures.order_by("id"):
        if measure.impact_id in by_impact:
            by_impact[measure.impact_id].append(measure)
    parties = rows_at(AffectedParty, at, assessment=assessment.pk).filter(**live).order_by("id")
    return Sheet(
        assessment=assessment,
        parties=tuple(parties),
        impacts=tuple(_impact_line(assessment, impact, by_impact[impact.pk]) for impact in impacts),
        answers={row.question: row for row in rows_at(SectionText, at, assessment=assessment.pk).order_by("id")},
    )


def _measures(assessment: Assessment, at: datetime | None) -> Any:
    is_decided = assessment.state in {AssessmentState.DECIDED, AssessmentState.SUPERSEDED}
    facts_at = assessment.decided_at if is_decided else at
    fails = shortcoming("requirement_id", "impact__assessment__system_id", facts_at)
    return rows_at(Measure, at, impact__assessment=assessment.pk).annotate(shortcoming=fails)


def _impact_line(assessment: Assessment, impact: Impact, measures: list[Measure]) -> ImpactLine:
    is_harm = impact.valence == Valence.HARM

    def level(likelihood: int | None, severity: int | None) -> Level | None:
        return judged(assessment.criteria, likelihood, severity) if is_harm else None

    return ImpactLine(
        pk=impact.pk,
        version=impact.version,
        number=impact.number,
        row=impact,
        is_harm=is_harm,
        before=level(impact.likelihood, impact.severity),
        now=level(*impact.now),
        target=level(impact.target_likelihood, impact.target_severity),
        measures=tuple(_measure_line(impact, measure) for measure in measures),
    )


def _measure_line(impact: Impact, row: Any) -> MeasureLine:
    return MeasureLine(
        pk=row.pk,
        version=row.version,
        impact_pk=impact.pk,
        impact_number=impact.number,
        text=row.text,
        requirement=row.requirement,
        is_in_place=row.is_in_place,
        due_on=row.due_on,
        kind=row.kind,
        is_failing=row.is_failing,
        fails_because=shortcoming_in_words(row.requirement.code, row.shortcoming) if row.requirement else "",
    )
