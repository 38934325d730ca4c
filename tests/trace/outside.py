"""Makers for what goes outside: auditors, a day of the ticker and the worker, and the mails that came out of it."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.core import mail

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims, Membership
from jobs.actions import run_job, send_waiting
from jobs.models import Job, JobState
from ledger.actions import seal_waiting, sign_grown
from ledger.actions.seal import seal_all
from ledger.models import Log
from tests.make import a_member
from tests.trace.make import an_obligation
from trace.anchoring import schedule

MORNING = datetime(datetime.now(UTC).year + 1, 3, 15, 9, 30, tzinfo=UTC)  # after everything that tests do now


def an_auditor(aims: Aims, officer: Actor, role: Role = Role.CERTIFIER, name: str = "Ingrid Solheim") -> Membership:
    """Somebody who audits the AIMS, with a mail address."""
    actor = a_member(aims, role, by=officer, name=name)
    with acting_in(aims, officer):
        if role == Role.CERTIFIER:  # a seat that lasts until the tests have had their morning
            Membership.objects.filter(user_id=actor.user_id).update(valid_until=MORNING + timedelta(days=90))
        return Membership.objects.select_related("user").get(user_id=actor.user_id, role=role)


def something_happens(aims: Aims, officer: Actor, code: str) -> None:
    """One governed act, numbered."""
    with acting_in(aims, officer):
        an_obligation(officer, code, aims_id=aims.pk)


def run_jobs() -> list[Job]:
    """Work off what is queued and is due, as a worker does, and return it."""
    jobs = list(Job.objects.filter(state=JobState.QUEUED, wake_at__lte=clock.now() + timedelta(minutes=1)))
    for job in jobs:
        run_job(job.pk)
        job.refresh_from_db()
    return jobs


def beat() -> None:
    """Number and sign what there is, as a ticker does before anything else."""
    seal_waiting()
    sign_grown()


def run_the_day(days: int = 0, at: datetime = MORNING) -> int:
    """Beat, work and send in the morning of a day, as ticker and worker do; returns how many mails went out."""
    with clock.standing_at(at + timedelta(days=days)):
        beat()
        schedule.ask_each_day()
        run_jobs()
        return send_waiting()


def received(place: int = -1) -> EmailMessage:
    """A mail as its reader's program takes it apart, from the bytes that went to the mail server."""
    return message_from_bytes(mail.outbox[place].message().as_bytes(), policy=policy.default)  # type: ignore[return-value]


def attached(message: EmailMessage) -> tuple[str, bytes]:
    """The name and the bytes of a mail's only file."""
    (file,) = message.iter_attachments()
    return str(file.get_filename()), file.get_payload(decode=True)  # type: ignore[return-value]


def sealed(aims: Aims) -> Log:
    """The log with everything numbered."""
    seal_all(aims.pk, wait=True)
    with acting_in(aims):
        return Log.objects.get()
