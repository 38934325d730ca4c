"""How fresh evidence is: pure functions of a date to renew by and a date to look on."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EvidenceState(models.TextChoices):
    """The states of the vocabulary, the best first; the last two are said of controls."""

    CURRENT = "current", _("Current")
    DUE = "renewal due", _("Renewal due")
    OVERDUE = "renewal overdue", _("Renewal overdue")
    NONE = "no evidence", _("No evidence")
    UNEXPECTED = "no evidence expected", _("No evidence expected")


MARKS = {
    EvidenceState.CURRENT: ("done", "ok"),
    EvidenceState.DUE: ("due", "warn"),
    EvidenceState.OVERDUE: ("warn", "bad"),
    EvidenceState.NONE: ("bad", "warn"),
    EvidenceState.UNEXPECTED: ("none", "none"),
}


def due_from(today: date) -> date:
    """Return the last date to renew by that counts as due on `today`."""
    return today + timedelta(days=settings.EVIDENCE_DUE_DAYS)


def state_of(renew_by: date | None, today: date) -> EvidenceState:
    """Judge a version by its date to renew by, which is the last good day.

    A record of a past event never expires, its renewal falls due: kind plays no part, and no date means current.
    """
    if renew_by is None or renew_by > due_from(today):
        return EvidenceState.CURRENT
    return EvidenceState.DUE if renew_by >= today else EvidenceState.OVERDUE


def worst(states: Iterable[EvidenceState]) -> EvidenceState:
    """Return the worst of several, or that there is no evidence."""
    order = list(EvidenceState)
    return max(states, key=order.index, default=EvidenceState.NONE)
