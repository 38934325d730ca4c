"""What is missing before an incident may move on, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Incident
from incidents.words import Standing, State


def missing_before(row: Incident, state: State) -> list[str]:
    """Return what is still to be done before the incident may enter a state."""
    return list(_MISSING[state](row)) if state in _MISSING else []


def _before_contained(row: Incident) -> Iterator[str]:
    if not row.containments.exists():
        yield _("Say first what contains it, or why there is nothing to contain.")


def _before_resolved(row: Incident) -> Iterator[str]:
    if not row.cause:
        yield _("Write down the cause first.")


def _before_closed(row: Incident) -> Iterator[str]:
    if not row.lessons:
        yield _("Write down what was learned.")
    if count := row.incidentactions.filter(done_at__isnull=True, withdrawn_at__isnull=True).count():
        yield ngettext("%d corrective action is not done.", "%d corrective actions are not done.", count) % count
    if count := row.notifications.filter(state=Standing.DUE).count():
        text = ngettext("%d notification is due.", "%d notifications are due.", count) % count
        yield f"{text} " + _("Say when it was sent, or why it need not be.")


_MISSING = {
    State.CONTAINED: _before_contained,
    State.RESOLVED: _before_resolved,
    State.CLOSED: _before_closed,
}
