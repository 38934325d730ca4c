"""Incidents beside a requirement, for the row of the statement that it is."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from aims.history import rows_at
from incidents.law import severity_of
from incidents.models import Incident, IncidentLink
from incidents.words import MARKS


@dataclass(frozen=True, slots=True)
class Beside:
    """An incident that bears on a requirement."""

    code: str
    title: str
    address: str
    note: str
    state: str
    glyph: str
    tone: str


def incidents_beside(requirement_id: int, slug: str, at: datetime | None = None) -> list[Beside]:
    """Return the incidents linked to a requirement, now or at an instant: two queries, or one when there are none."""
    links = rows_at(IncidentLink, at, requirement=requirement_id).filter(withdrawn_at__isnull=True)
    keys = list(links.values_list("incident_id", flat=True))
    if not keys:
        return []
    rows = rows_at(Incident, at).filter(id__in=keys).select_related("system").order_by("-noticed_at", "-id")
    return [_beside(row, slug) for row in rows]


def _beside(row: Incident, slug: str) -> Beside:
    glyph, tone = MARKS[row.state]
    level = severity_of(row.severity)
    return Beside(
        code=row.code,
        title=row.title,
        address=reverse("incidents:detail", args=[slug, row.code]),
        note=", ".join(part for part in (row.system.name, _("severity %s") % level if level else "") if part),
        state=str(row.get_state_display()),
        glyph=glyph,
        tone=tone,
    )
