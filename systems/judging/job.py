"""The job `systems.judge`: read within the tenant, judge outside transactions, note the outcome at the end."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from aims.models import Aims
from jobs.models import Job, JobState
from jobs.registry import JobFailed, Progress
from policies.actions import load_shipped
from systems.actions.judge import ask_for_judging, judge_after_edit, note_judging, under_way
from systems.judging.models import Occasion
from systems.judging.work import Judged, judge_all, read
from systems.ports import Edited

JUDGE = service("judge")


def ask_nightly() -> None:
    """Ask for a run over each AIMS once a day; asking again changes nothing."""
    day = clock.now().date().isoformat()
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, JUDGE):
            ask_for_judging(actor=JUDGE, occasion=Occasion.NIGHT, key=f"night:{day}")


def hear_of_edit(edited: Edited) -> None:
    """Have a record judged that is not what it was."""
    hear_of_many([edited])


def hear_of_many(edits: Sequence[Edited]) -> None:
    """Have all records judged that are not what they were, by one job."""
    changed = [edited.system.pk for edited in edits if edited.is_new or edited.before != edited.after]
    if changed:
        judge_after_edit(changed, edits[0].actor)


def hear_of_policies(actor: Actor) -> None:
    """Have every system judged by what is in force now."""
    waiting = under_way()
    if waiting is None or waiting.state != JobState.QUEUED:
        ask_for_judging(actor=actor, occasion=Occasion.POLICY)


def work(job: Job, progress: Progress) -> Judged:
    """Load what is shipped, read, judge."""
    with acting_in(_aims(job), JUDGE):
        load_shipped(actor=JUDGE)
        asked = read(job.payload["systems"] or None)
    progress(10, _("%d systems") % len(asked.subjects))
    return judge_all(asked)


def finish(job: Job, judged: Judged) -> dict[str, Any]:
    """Note the outcome in the transaction that ends the job."""
    with acting_in(_aims(job), JUDGE):
        row = note_judging(judged, occasion=job.payload["occasion"], by_id=job.payload["by"], actor=JUDGE)
    return {"run": row.pk, "systems": row.systems, "failed": row.failed, "errors": row.errors, "changed": row.changed}


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims
