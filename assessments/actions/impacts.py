"""Name, score and take out impacts: one reasonably foreseeable effect a row."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from accounts import clock
from accounts.actor import Actor
from assessments.actions.shared import PartNamed, changed, made, opened
from assessments.events import IMPACT_ADDED, IMPACT_EDITED, IMPACT_WITHDRAWN
from assessments.models import Assessment, Impact


class ImpactFields(TypedDict, total=False):
    """The words of an impact and its scores (1 to 5): before measures, with those in place, and the dated target."""

    level: str
    valence: str
    dimension: str
    description: str
    who: str
    affected_number: int | None
    duration: str
    reversibility: str
    failure: str
    likelihood: int | None
    severity: int | None
    residual_likelihood: int | None
    residual_severity: int | None
    target_likelihood: int | None
    target_severity: int | None
    target_on: date | None


@transaction.atomic
def add_impact(assessment: Assessment, *, actor: Actor, **fields: Unpack[ImpactFields]) -> Impact:
    """Name an impact under the next number; numbers of withdrawn impacts are not used again."""
    owner = opened(assessment, actor)
    last = Impact.objects.filter(assessment=owner).aggregate(last=Max("number"))["last"] or 0
    row = Impact(aims_id=owner.aims_id, assessment=owner, number=last + 1, **fields)
    return made(row, IMPACT_ADDED, actor=actor)


@transaction.atomic
def edit_impact(impact: Impact | PartNamed, *, seen: int, actor: Actor, **fields: Unpack[ImpactFields]) -> Impact:
    """Save what differs."""
    return changed(_held(impact, actor), IMPACT_EDITED, seen=seen, actor=actor, **fields)


@transaction.atomic
def withdraw_impact(impact: Impact, *, seen: int, actor: Actor) -> Impact:
    """Take an impact and its measures out of the assessment; their history stays."""
    return changed(_held(impact, actor), IMPACT_WITHDRAWN, seen=seen, actor=actor, withdrawn_at=clock.now())


def _held(impact: Impact | PartNamed, actor: Actor) -> Impact:
    owner = opened(impact.assessment, actor)
    row = Impact.objects.select_for_update().get(pk=impact.pk, assessment=owner, withdrawn_at__isnull=True)
    row.assessment = owner
    return row
