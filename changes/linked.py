"""The change records of a system, as its own page shows them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from changes.models import ChangeState
from changes.permissions import may_open
from changes.queries.listing import change_line, change_rows
from systems.models import AiSystem
from systems.ports import Badge, Shown

NEWEST = 5
UNDECIDED = (ChangeState.OPEN, ChangeState.UNDER_TEST)


def changes_of(system: AiSystem, at: datetime | None, actor: Actor) -> Iterator[Shown]:
    """The newest five, how many there are, and a badge for one that is not decided; one query."""
    slug = system.aims.slug
    base = reverse("changes:list", args=[slug])
    rows: list[Any] = list(change_rows(system=system.code, at=at).annotate(many=Window(Count("id")))[:NEWEST])
    lines = [change_line(row, base) for row in rows]
    badges = [
        Badge(line.mark.words, line.mark.tone, line.mark.glyph, line.address)
        for row, line in zip(rows, lines, strict=True)
        if row.state in UNDECIDED
    ]
    context = {
        "lines": lines,
        "many": rows[0].many if rows else 0,
        "all": f"{base}?system={system.code}",
        "compare": f"{reverse('changes:compare', args=[slug])}?system={system.code}",
        "plan": f"{reverse('changes:new', args=[slug])}?system={system.code}"
        if at is None and may_open(actor, system)
        else "",
    }
    yield Shown("changes", _("Change records"), "changes/of_system.html", context, badges=tuple(badges))
