"""What this room has linked to an AI system, for the system's own page."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from aims.history import rows_at
from incidents.law import severity_of
from incidents.models import Incident
from incidents.words import MARKS, State
from systems.models import AiSystem
from systems.ports import Fact

SHOWN = 8


def incidents_of(system: AiSystem, at: datetime | None = None) -> Iterator[Fact]:
    """The open ones, then those closed last, and a link to report another: one query."""
    heading = _("Incidents")
    rows = list(rows_at(Incident, at, system=system.pk).order_by("-noticed_at", "-id"))
    rows.sort(key=lambda row: row.state == State.CLOSED)
    for row in rows[:SHOWN]:
        glyph, tone = MARKS[row.state]
        level = severity_of(row.severity)
        address = reverse("incidents:detail", args=[system.aims.slug, row.code])
        note = _("Severity %s") % level if level else _("Severity not said yet")
        yield Fact(heading, row.ref, str(row), address, note, tone, glyph, str(row.get_state_display()))
    if at is None:
        address = f"{reverse('incidents:new', args=[system.aims.slug])}?system={system.code}"
        note = "" if rows else _("None was reported.")
        yield Fact(heading, "", _("Report an incident"), address, note, glyph="ring")
