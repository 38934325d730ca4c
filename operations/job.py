"""Work by the clock: hours that are over become readings; at night drift is computed, and old readings are thinned."""

from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from jobs.actions import enqueue
from jobs.models import Job
from jobs.registry import JobFailed, Progress
from operations.actions import close_hours, compare_windows, forget_batches, thin
from operations.models import Signal, Tally

KIND = "operations.nightly"
WATCH = service("monitoring")


def close_all() -> None:
    """Close the hours that are over, in every AIMS."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, WATCH):
            if Tally.objects.exists():
                close_hours(actor=WATCH)


def ask_nightly() -> None:
    """Ask for the night's work of each AIMS once a day; asking again changes nothing."""
    day = clock.now().date().isoformat()
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, WATCH):
            enqueue(KIND, dedupe_key=f"{aims.pk}:{day}", actor=WATCH, payload={}, aims_id=aims.pk)


def work(job: Job, progress: Progress) -> dict[str, int]:
    """Compare and thin one signal after another, each in a transaction of its own."""
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    done = {"compared": 0, "thinned": 0}
    with acting_in(aims, WATCH):
        ids = list(Signal.objects.order_by("pk").values_list("pk", flat=True))
        forget_batches()
    for place, pk in enumerate(ids):
        with acting_in(aims, WATCH):
            signal = Signal.objects.select_related("system__owner", "owner").get(pk=pk)
            compared = compare_windows(signal, actor=WATCH)
            done["compared"] += compared is not None and compared.psi is not None
            done["thinned"] += thin(signal, actor=WATCH)
        progress(place * 100 // len(ids), _("%(done)s of %(all)s signals") % {"done": place + 1, "all": len(ids)})
    return done


def finish(_job: Job, done: dict[str, int]) -> dict[str, Any]:
    """Tell what was done; it is done already, and doing it twice changes nothing."""
    return dict(done)
