"""Say what is done about an impact, which control carries it, and whether it is in place."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from accounts import clock
from accounts.actor import Actor
from assessments.actions.shared import changed, linkable, made, opened
from assessments.events import MEASURE_ADDED, MEASURE_EDITED, MEASURE_WITHDRAWN
from assessments.models import Assessment, Impact, Measure
from assessments.ports import Relied, tell_of_reliance
from controls.models import Requirement


class MeasureFields(TypedDict, total=False):
    """What a measure is; only one that is in place counts towards what remains."""

    text: str
    requirement: Requirement | None
    kind: str
    is_in_place: bool
    is_failing: bool
    due_on: date | None


@transaction.atomic
def add_measure(impact: Impact, *, actor: Actor, **fields: Unpack[MeasureFields]) -> Measure:
    """Name a measure against an impact."""
    opened(impact.assessment, actor)
    owner = Impact.objects.select_for_update().get(pk=impact.pk, withdrawn_at__isnull=True)
    linkable(fields.get("requirement"), owner.aims_id)
    row = made(Measure(aims_id=owner.aims_id, impact=owner, **fields), MEASURE_ADDED, actor=actor)
    tell_of_measure(row, actor)
    return row


@transaction.atomic
def edit_measure(measure: Measure, *, seen: int, actor: Actor, **fields: Unpack[MeasureFields]) -> Measure:
    """Save what differs."""
    row = _held(measure, actor)
    linkable(fields.get("requirement"), row.aims_id)
    before = row.requirement_id
    row = changed(row, MEASURE_EDITED, seen=seen, actor=actor, **fields)
    if row.requirement_id != before:
        tell_of_measure(row, actor)
    return row


@transaction.atomic
def withdraw_measure(measure: Measure, *, seen: int, actor: Actor) -> Measure:
    """Take a measure out; its history stays."""
    return changed(_held(measure, actor), MEASURE_WITHDRAWN, seen=seen, actor=actor, withdrawn_at=clock.now())


def tell_of_measure(row: Measure, actor: Actor) -> None:
    """Tell rooms that decide on controls which one this measure counts on, if it names any."""
    if row.requirement is not None:
        about = row.impact.assessment
        tell_of_reliance(Relied(row.requirement, about.ref, str(about), about.system, actor))


def tell_of_measures(row: Assessment, actor: Actor) -> None:
    """Tell of every control that an edition counts on, once it takes the place of the one before."""
    rows = Measure.objects.filter(impact__assessment=row, impact__withdrawn_at__isnull=True, withdrawn_at__isnull=True)
    for requirement in Requirement.objects.filter(pk__in=rows.values("requirement")):
        tell_of_reliance(Relied(requirement, row.ref, str(row), row.system, actor))


def _held(measure: Measure, actor: Actor) -> Measure:
    opened(measure.impact.assessment, actor)
    return Measure.objects.select_for_update().get(pk=measure.pk, withdrawn_at__isnull=True)
