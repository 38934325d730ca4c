"""From the facts of an incident to the duties to notify of it, each with its deadline and why: nothing is read here.

Limits in hours run from the instant of noticing, in UTC, whatever clocks do in between. Limits in days leave out the
day of noticing and end with the last moment of the last day where the organisation is. Regulation 1182/71 of the EU
would carry a last day that is a Saturday, a Sunday or a holiday over to the next working day; that is left out on
purpose, since no calendar of holidays holds for every authority, and being early is never late.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from aims.days import day_of, end_of
from incidents.law import LegalDuty
from incidents.words import Happened, Kind


@dataclass(frozen=True, slots=True)
class Situation:
    """What duties hang on: the incident, and what the record of the system says; None is what it does not say."""

    noticed_at: datetime
    time_zone: str
    kind: str
    happened: frozenset[str]
    severity: int | None = None
    places: frozenset[str] = frozenset()
    eu_roles: frozenset[str] = frozenset()
    is_high_risk: bool | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A duty that stands: until when (None is at once), and why."""

    duty: LegalDuty
    due_at: datetime | None
    why: str


def duties_of(situation: Situation, duties: Iterable[LegalDuty]) -> tuple[Due, ...]:
    """Return the duties that stand, the most pressing first; what a record does not say never spares a duty."""
    standing = [
        Due(duty, deadline(duty, situation.noticed_at, situation.time_zone), why_of(duty, situation))
        for duty in duties
        if stands(duty, situation)
    ]
    return tuple(sorted(_shortest(standing), key=lambda due: (_pressing(due), due.duty.key)))


def stands(duty: LegalDuty, situation: Situation) -> bool:
    """Whether the facts call for the duty."""
    return (
        (not duty.where or not situation.places or duty.where in situation.places)
        and (not duty.any or not duty.any.isdisjoint(situation.happened))
        and duty.all <= situation.happened
        and (not duty.roles or not situation.eu_roles or not duty.roles.isdisjoint(situation.eu_roles))
        and not (duty.high_risk and situation.is_high_risk is False)
        and (not duty.kinds or situation.kind in duty.kinds)
        and (not duty.least_severity or situation.severity is None or situation.severity <= duty.least_severity)
    )


def deadline(duty: LegalDuty, noticed_at: datetime, time_zone: str) -> datetime | None:
    """Return the last instant (UTC) that is in time, or None for a duty that is due at once."""
    if duty.hours is not None:
        return noticed_at.astimezone(UTC) + timedelta(hours=duty.hours)
    if duty.days is not None:
        return end_of(day_of(noticed_at, time_zone) + timedelta(days=duty.days), time_zone)
    return None


def why_of(duty: LegalDuty, situation: Situation) -> str:
    """Say what calls for the duty, in one line that changes when the facts do."""
    return ". ".join(_reasons(duty, situation)) + "."


def _reasons(duty: LegalDuty, situation: Situation) -> Iterator[str]:
    called = sorted((duty.any | duty.all) & situation.happened)
    yield ", ".join(str(Happened(fact).label) for fact in called) or str(Kind(situation.kind).label)
    if duty.where:
        used = _("The system is used in: %(place)s") % {"place": duty.where}
        yield used if situation.places else _("Neither the record nor the organisation says where the system is used")
    if duty.high_risk:
        told = _("The record calls it a high-risk system")
        yield told if situation.is_high_risk else _("The record does not say that it is no high-risk system")
    if duty.roles and not situation.eu_roles:
        yield _("The record does not say which role the organisation plays")
    if duty.least_severity and situation.severity is None:
        yield _("Its severity is not known yet")


def _shortest(standing: list[Due]) -> Iterator[Due]:
    best: dict[str, Due] = {}
    for due in standing:
        if due.duty.instead:
            kept = best.setdefault(due.duty.instead, due)
            if _pressing(due) < _pressing(kept):
                best[due.duty.instead] = due
    return (due for due in standing if not due.duty.instead or best[due.duty.instead] is due)


def _pressing(due: Due) -> datetime:
    return due.due_at or datetime.min.replace(tzinfo=UTC)
