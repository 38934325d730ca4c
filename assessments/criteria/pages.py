"""What the pages of the criteria print: a version with its matrix and rules, and what stands above acceptance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aims.acceptance import rule_of
from aims.judging import Step, steps_of
from aims.models import Criteria
from aims.queries import names_of
from aims.vocabulary import Band
from assessments.bands import Level, rank_of
from assessments.criteria.untreated import level_of
from assessments.models import Impact, Risk

SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A band: its scores, whether it needs treatment, whether it is escalated, who may accept it."""

    rank: int
    label: str
    span: str
    who: str
    is_acceptable: bool
    is_escalated: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version of the criteria."""

    number: int
    set_at: datetime
    why: str
    likelihood: tuple[Step, ...]
    severity: tuple[Step, ...]
    matrix: tuple[tuple[Level, ...], ...]
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A harm or a risk above acceptance that nothing treats, and where to treat it."""

    address: str
    code: str
    title: str
    about: str
    level: Level


@dataclass(frozen=True, slots=True)
class BehindLine:
    """Something that an earlier version judges, and the door that puts it on the newest."""

    address: str
    code: str
    title: str
    number: int
    version: int
    door: str
    may: bool
    is_accepted: bool


def version_page(row: Criteria) -> VersionPage:
    """Return a version as pages print it; a query for each band that names people."""
    return VersionPage(
        number=row.number,
        set_at=row.changed_at,
        why=row.why,
        likelihood=steps_of(row.likelihood),
        severity=steps_of(row.severity),
        matrix=tuple(tuple(Level(x, y, row.band(x, y)) for x in SCALE) for y in reversed(SCALE)),
        rules=tuple(_rules(row)),
    )


def _rules(row: Criteria) -> Iterator[RuleLine]:
    for band in Band:
        rule = rule_of(row, band)
        lowest, highest = row.bands[band]
        who = rule.words(names_of(rule.named))
        acceptable, escalated = row.is_acceptable(band), row.is_escalated(band)
        span = _("%(low)s to %(high)s") % {"low": lowest, "high": highest} if lowest < highest else str(lowest)
        yield RuleLine(rank_of(band), str(band.label), span, who, acceptable, escalated)


def harm_line(row: Any, slug: str) -> OpenLine:
    """Return an annotated harm; its assessment, system and criteria come with it."""
    impact: Impact = row
    of = impact.assessment
    place = reverse("assessments:detail", args=[slug, of.code, of.edition])
    return OpenLine(
        f"{place}#impact-{impact.pk}",
        f"{of.ref_code} · {impact.number}",
        impact.description,
        of.system.name,
        level_of(row, of.criteria),
    )


def risk_line(row: Any, slug: str) -> OpenLine:
    """Return an annotated risk; its system and criteria come with it."""
    risk: Risk = row
    place = reverse("assessments:risk", args=[slug, risk.code])
    return OpenLine(place, risk.code, risk.title, risk.system.name if risk.system else "", level_of(row, risk.criteria))
