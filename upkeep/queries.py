"""Questions about work and mail of one AIMS: what needs a person, what waits, what runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import clock
from jobs.models import MAX_ATTEMPTS, Delivery, DeliveryState, Job, JobState
from upkeep.words import kind_label

UNSURE_AFTER = timedelta(minutes=10)
FAILED_WITHIN = timedelta(days=14)
WAITING = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Line:
    """A job as the page shows it: what, since when and for whom, how it stands, and what went wrong."""

    pk: int
    what: str
    asked_at: datetime
    who: str
    state: str
    glyph: str
    tone: str
    about: str
    error: str
    may_retry: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as the page shows it; one that was cut off may have arrived."""

    pk: int
    subject: str
    to: str
    written_at: datetime
    state: str
    error: str
    is_unsure: bool


def jobs_that_need_a_person(aims_id: int) -> QuerySet[Job]:
    """Jobs that used up their attempts."""
    return Job.objects.filter(aims_id=aims_id, state=JobState.DEAD)


def mails_that_need_a_person(aims_id: int) -> QuerySet[Delivery]:
    """Mails that were refused, or are still being sent ten minutes after they were written, and nobody settled."""
    unsure = Q(state=DeliveryState.SENDING, created_at__lt=clock.now() - UNSURE_AFTER)
    refused = Q(state=DeliveryState.FAILED)
    return Delivery.objects.filter(unsure | refused, aims_id=aims_id, settled_at=None)


def failed_jobs(aims_id: int) -> QuerySet[Job]:
    """Jobs that were given up by Assay, and those of the last two weeks that were refused, newest first."""
    lately = Q(state=JobState.FAILED, finished_at__gte=clock.now() - FAILED_WITHIN)
    rows = Job.objects.filter(lately | Q(state=JobState.DEAD), aims_id=aims_id)
    return rows.select_related("actor").order_by("-finished_at", "-pk")


def waiting_jobs(aims_id: int) -> QuerySet[Job]:
    """Jobs that wait or run, the oldest first."""
    rows = Job.objects.filter(aims_id=aims_id, state__in=WAITING)
    return rows.select_related("actor").order_by("created_at", "pk")


def line_of(job: Job) -> Line:
    """Return a job with its words."""
    glyph, tone = {"dead": ("bad", "bad"), "failed": ("warn", "warn"), "running": ("half", "info")}.get(
        job.state, ("none", "none")
    )
    return Line(
        pk=job.pk,
        what=kind_label(job.kind),
        asked_at=job.created_at,
        who=job.actor.display_name if job.actor else _("Assay itself"),
        state=_words(job),
        glyph=glyph,
        tone=tone,
        about=job.step,
        error=job.error,
        may_retry=job.state in (JobState.DEAD, JobState.FAILED),
    )


def _words(job: Job) -> str:
    if job.state == JobState.DEAD:
        return _("Given up after %(n)s attempts") % {"n": job.attempt}
    if job.state == JobState.FAILED:
        return _("Could not be done")
    if job.state == JobState.RUNNING:
        return _("Running, %(n)s %%") % {"n": job.progress}
    if job.attempt:
        return _("Waits for attempt %(n)s of %(most)s") % {"n": job.attempt + 1, "most": MAX_ATTEMPTS}
    return _("Waits for a worker")


def mail_of(item: Delivery) -> Mail:
    """Return a mail with its words."""
    is_unsure = item.state == DeliveryState.SENDING
    state = _("Cut off on its way: it may have arrived") if is_unsure else _("Refused by the mail server")
    return Mail(item.pk, item.subject, item.to, item.created_at, state, item.error, is_unsure)
