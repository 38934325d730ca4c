"""The change records of a system, as its own page lists them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from changes.queries.listing import change_line, change_rows
from systems.models import AiSystem
from systems.ports import Fact

SHOWN = 5


def changes_of(system: AiSystem, at: datetime | None = None) -> Iterator[Fact]:
    """The newest five, the newest first, and the way to all; one query."""
    base = reverse("changes:list", args=[system.aims.slug])
    rows = list(change_rows(system=system.code, at=at)[: SHOWN + 1])
    for row in rows[:SHOWN]:
        line = change_line(row, base)
        day = f"{line.at.day} {line.at:%b %Y}"
        note = f"{line.line.rstrip('.')}, {day}"
        yield Fact(_("Change records"), row.ref, line.title, line.address, note, line.mark.tone, line.mark.glyph,
                   line.mark.words)  # fmt: skip
    if len(rows) > SHOWN:
        yield Fact(_("Change records"), "", _("All changes of this system"), f"{base}?system={system.code}")
