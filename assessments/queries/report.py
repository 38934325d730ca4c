"""What the SoA report prints of impact assessments: read from what the decisions froze, so it cannot differ from it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from accounts import clock
from aims.vocabulary import Band
from assessments.bands import Level, worst
from assessments.models import Assessment, Decision, Valence


@dataclass(frozen=True, slots=True)
class ReportMeasure:
    """A measure as it was decided on."""

    text: str
    requirement: str
    is_in_place: bool
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ReportImpact:
    """An impact as it was decided on; benefits carry no level."""

    number: int
    description: str
    who: str
    is_harm: bool
    before: Level | None
    now: Level | None
    target: Level | None
    target_on: date | None
    measures: tuple[ReportMeasure, ...]

    @property
    def main_measure(self) -> ReportMeasure | None:
        """The first measure in place, else the first planned one."""
        return next((measure for measure in self.measures if measure.is_in_place), next(iter(self.measures), None))


@dataclass(frozen=True, slots=True)
class ReportParty:
    """An affected party as it was decided on."""

    name: str
    kind: str
    per_year: int | None
    heard: str


@dataclass(frozen=True, slots=True)
class ReportAssessment:
    """A decided edition; `digest` names its frozen bytes (hex SHA-256)."""

    ref: str
    code: str
    edition: str
    system_code: str
    system_name: str
    system_version: str
    criteria_number: int
    bands: dict[str, list[int]]
    severity_five_at_least: str
    intended_use: str
    foreseeable_misuse: str
    oversight: str
    benefits: str
    jurisdictions: tuple[str, ...]
    parties: tuple[ReportParty, ...]
    impacts: tuple[ReportImpact, ...]
    decision: str
    decision_label: str
    conditions: str
    conditions_by: date | None
    author: str
    submitted_on: date | None
    decided_by: str
    decided_on: date
    next_review_on: date | None
    digest: str

    @property
    def harms(self) -> tuple[ReportImpact, ...]:
        """The impacts that were judged."""
        return tuple(impact for impact in self.impacts if impact.is_harm)

    @property
    def worst(self) -> Level | None:
        """The worst level that remained at the decision."""
        return worst(impact.now for impact in self.harms)

    @property
    def benefits_text(self) -> str:
        """The benefits in words: the text, else the benefits named one by one."""
        return self.benefits or "; ".join(impact.description for impact in self.impacts if not impact.is_harm)


def report_assessments(at: datetime | None = None) -> tuple[ReportAssessment, ...]:
    """The editions in force at an instant (now without one), by code: one query, over frozen bytes only."""
    instant = at or clock.now()
    later = Assessment.objects.filter(replaces=OuterRef("pk"), decided_at__lte=instant)
    rows = Assessment.objects.filter(decided_at__lte=instant).exclude(Exists(later))
    return tuple(_read(row) for row in rows.select_related("author", "decided_by").order_by("code"))


def _read(row: Assessment) -> ReportAssessment:
    data = json.loads(bytes(row.frozen or b"{}"))
    criteria = data["criteria"]
    return ReportAssessment(
        ref=row.ref,
        code=data["code"],
        edition=data["edition"],
        system_code=data["system"]["code"],
        system_name=data["system"]["name"],
        system_version=data["system_version"],
        criteria_number=criteria["number"],
        bands=criteria["bands"],
        severity_five_at_least=criteria["severity_five_at_least"],
        intended_use=data["intended_use"],
        foreseeable_misuse=data["foreseeable_misuse"],
        oversight=data["oversight"],
        benefits=data["benefits"],
        jurisdictions=tuple(data["jurisdictions"]),
        parties=tuple(
            ReportParty(party["name"], party["kind"], party["per_year"], party["heard"]) for party in data["parties"]
        ),
        impacts=tuple(_impact(impact) for impact in data["impacts"]),
        decision=data["decision"],
        decision_label=str(Decision(data["decision"]).label),
        conditions=data["conditions"],
        conditions_by=_day(data["conditions_by"]),
        author=row.author.display_name if row.author else "",
        submitted_on=_day(data["submitted_at"]),
        decided_by=row.decided_by.display_name if row.decided_by else "",
        decided_on=datetime.fromisoformat(data["decided_at"]).date(),
        next_review_on=_day(data["next_review_on"]),
        digest=row.digest,
    )


def _impact(data: dict[str, Any]) -> ReportImpact:
    return ReportImpact(
        number=data["number"],
        description=data["description"],
        who=data["who"],
        is_harm=data["valence"] == Valence.HARM,
        before=_level(data["before"]),
        now=_level(data["now"]),
        target=_level(data["target"]),
        target_on=_day(data["target_on"]),
        measures=tuple(
            ReportMeasure(item["text"], item["requirement"] or "", item["is_in_place"], _day(item["due_on"]))
            for item in data["measures"]
        ),
    )


def _level(data: dict[str, Any] | None) -> Level | None:
    return Level(data["likelihood"], data["severity"], Band(data["band"])) if data else None


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None
