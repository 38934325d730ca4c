"""Tell the stewards of an AIMS that work or mail needs a person: one task, closed once nothing does."""

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from aims.queries import steward
from duties.actions import close_tasks, open_task
from upkeep.queries import jobs_that_need_a_person, mails_that_need_a_person

WATCH = service("upkeep")
TASK = "upkeep"
SUBJECT = "aims:work"


def tell_stewards() -> None:
    """Look at every AIMS; called by the ticker every five minutes."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, WATCH):
            _tell(aims)


def _tell(aims: Aims) -> None:
    count = jobs_that_need_a_person(aims.pk).count() + mails_that_need_a_person(aims.pk).count()
    if not count:
        close_tasks(TASK, SUBJECT, actor=WATCH)
        return
    owner = steward()
    title = ngettext("%(n)d job or mail needs a person", "%(n)d jobs or mails need a person", count) % {"n": count}
    address = reverse("upkeep:work", args=[aims.slug])
    open_task(TASK, SUBJECT, title, owner_id=owner.pk if owner else None, address=address)
