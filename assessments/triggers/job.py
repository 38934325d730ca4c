"""The job `assessments.current`: what concerns many assessments at once, and what falls due by the day."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from aims.models import Aims, Obligation
from assessments.actions.triggers import Happened, pull
from assessments.models import Assessment, AssessmentState
from assessments.triggers.kinds import TriggerKind
from assessments.triggers.queries import due_for_review
from jobs.actions import enqueue
from jobs.models import Job
from jobs.registry import JobFailed, Progress
from systems.models import Stage

KIND = "assessments.current"
WATCH = service("reviews")


def ask_nightly() -> None:
    """Ask once a day for each AIMS whose planned reviews are due; asking again changes nothing."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, WATCH):
            key = f"{aims.pk}:{clock.today(aims.time_zone).isoformat()}"
            enqueue(KIND, dedupe_key=key, actor=WATCH, payload={}, aims_id=aims.pk)


def ask_about_law(obligation: Obligation, *, actor: Actor) -> None:
    """Ask the owner of every assessment whether a law that changed touches it."""
    key = f"{obligation.aims_id}:{obligation.ref}:{obligation.version}"
    enqueue(KIND, dedupe_key=key, actor=actor, payload={"law": obligation.pk}, aims_id=obligation.aims_id)


def work(job: Job, progress: Progress) -> dict[str, int]:
    """Open the triggers, each in a transaction of its own; those that stand open already stay one."""
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    with acting_in(aims, WATCH):
        law = Obligation.objects.filter(pk=job.payload.get("law", 0)).first()
        ids = _concerned(job.created_at) if law else list(due_for_review(_today(aims)).values_list("pk", flat=True))
    opened = 0
    for place, pk in enumerate(ids):
        with acting_in(aims, WATCH):
            row = Assessment.objects.select_related("system", "aims").defer("frozen").get(pk=pk)
            happened = _of_law(aims, law) if law else _of_interval(row)
            opened += pull(row, happened, actor=WATCH) is not None
        progress(place * 100 // len(ids), _("%(done)s of %(all)s assessments") % {"done": place + 1, "all": len(ids)})
    return {"opened": opened}


def finish(_job: Job, done: dict[str, int]) -> dict[str, Any]:
    """Tell what was done; it is done already, and doing it twice changes nothing."""
    return dict(done)


def _today(aims: Aims) -> date:
    return clock.today(aims.time_zone)


def _concerned(changed_at: datetime) -> list[int]:
    """The decided editions of systems that are not retired; one submitted after a law changed has judged it."""
    rows = Assessment.objects.filter(state=AssessmentState.DECIDED, submitted_at__lte=changed_at)
    rows = rows.exclude(system__stage=Stage.RETIRED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _of_law(aims: Aims, law: Obligation) -> Happened:
    text = _("%(law)s no longer holds") if law.withdrawn_at else _("%(law)s is new or changed")
    address = reverse("aims:obligation", args=[aims.slug, law.code])
    return Happened(TriggerKind.LAW, text % {"law": law}, law.ref, address)


def _of_interval(row: Assessment) -> Happened:
    day = row.next_review_on
    assert day is not None  # noqa: S101  (the query asked for it)
    words = _("The planned review was due on %s") % f"{day.day} {day:%B %Y}"
    return Happened(TriggerKind.INTERVAL, words, row.ref)
