"""Open a task before a statement of completeness runs out."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from aims.queries import steward
from duties.actions import open_task
from systems.actions.state_completeness import TASK
from systems.completeness import in_force, is_due

WATCH = service("completeness")


def tell_of_completeness() -> None:
    """Look at every AIMS; called by the ticker once a day, and harmless when called again."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, WATCH):
            _tell(aims)


def _tell(aims: Aims) -> None:
    today = clock.today(aims.time_zone)
    due = [row for row in in_force() if is_due(row, today)]
    keeper = steward() if due else None
    for row in due:
        owner = row.stated_by_id if row.stated_by.is_active else keeper.pk if keeper else None
        title = _("State again that these are all AI systems of %s") % (row.unit or aims.name)
        address = reverse("systems:completeness", args=[aims.slug])
        open_task(TASK, row.ref, title, owner_id=owner, due_on=row.valid_until, address=address)
