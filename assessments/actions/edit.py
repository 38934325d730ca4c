"""Change the texts of an assessment."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from accounts.actor import Actor
from assessments.actions.shared import changed, opened
from assessments.events import EDITED
from assessments.models import Assessment


class Texts(TypedDict, total=False):
    """What can be written about the system and its use."""

    system_version: str
    intended_use: str
    foreseeable_misuse: str
    oversight: str
    benefits: str
    jurisdictions: list[str]
    next_review_on: date | None


@transaction.atomic
def edit_assessment(assessment: Assessment, *, seen: int, actor: Actor, **texts: Unpack[Texts]) -> Assessment:
    """Save the texts that differ."""
    row = opened(assessment, actor)
    if "jurisdictions" in texts:
        texts["jurisdictions"] = [place.strip() for place in texts["jurisdictions"] if place.strip()]
    return changed(row, EDITED, seen=seen, actor=actor, **texts)
