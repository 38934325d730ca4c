"""Tell a steward, as a task, that copies of checkpoints do not go outside; the task closes itself once they do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from duties.actions import close_tasks, open_task
from jobs.models import MAX_ATTEMPTS, Job
from jobs.registry import JobFailed
from ledger.known import RolledBack
from trace.anchoring.recipients import steward

TASK = "anchor"


def mail_subject(person_id: int) -> str:
    """Return what a task is about when mail does not reach a person."""
    return f"mail:{person_id}"


@transaction.atomic
def trouble(aims: Aims, subject: str, title: str) -> None:
    """Make sure that a steward has the task."""
    with acting_in(aims):
        address = reverse("trace:anchors", args=[aims.slug])
        open_task(TASK, subject, title, owner_id=steward(), address=address)


def trouble_over(subject: str, *, actor: Actor) -> None:
    """Close the task, if there is one."""
    close_tasks(TASK, subject, actor=actor)


@contextmanager
def telling_of_trouble(job: Job, aims: Aims, subject: str, what: str) -> Iterator[None]:
    """Open the task when work fails for good: at once where it is refused, after the last attempt otherwise.

    A log that is too old is halted, and that has an alarm of its own.
    """
    try:
        yield
    except RolledBack:
        raise
    except (Refusal, JobFailed) as error:
        trouble(aims, subject, f"{what}: {error}")
        raise
    except Exception as error:
        if job.attempt >= MAX_ATTEMPTS:
            trouble(aims, subject, f"{what}: {error}")
        raise
