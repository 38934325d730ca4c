"""Begin work again that had failed, or give up work that is not done."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from jobs.actions.enqueue import wake
from jobs.models import Job, JobState
from ledger.actions import record
from ledger.change import Facts
from ledger.events import Event
from upkeep.events import GIVEN_UP, RETRIED
from upkeep.permissions import may_keep_up

FAILED = (JobState.DEAD, JobState.FAILED)
OPEN = (JobState.DEAD, JobState.FAILED, JobState.QUEUED, JobState.RUNNING)


class NotNow(Refusal):
    """Somebody else, or a worker, was faster."""


@transaction.atomic
def retry(job: Job, *, actor: Actor) -> Job:
    """Put work that had failed back into the queue, with all its attempts before it; raises NotNow."""
    row = _held(job, FAILED, _("This is not waiting for anybody any more. Look at it again."), actor)
    fresh = {"state": JobState.QUEUED, "attempt": 0, "wake_at": clock.now(), "finished_at": None, "error": ""}
    _put(row, fresh, RETRIED, actor)
    transaction.on_commit(lambda: wake(row.pk))
    return row


@transaction.atomic
def give_up(job: Job, *, actor: Actor) -> Job:
    """End work that is not done, whether it failed, waits or runs: what it would still do is dropped; raises NotNow."""
    row = _held(job, OPEN, _("This is done or given up already."), actor)
    ended = {"state": JobState.CANCELLED, "finished_at": clock.now(), "step": "", "lease_until": None}
    _put(row, ended, GIVEN_UP, actor)
    return row


def _held(job: Job, states: tuple[JobState, ...], otherwise: str, actor: Actor) -> Job:
    require(may_keep_up(actor), _("Work that failed is seen to by an administrator."))
    row = Job.objects.select_for_update().filter(pk=job.pk, aims_id=current_aims_id()).first()
    if row is None or row.state not in states:
        raise NotNow(otherwise)
    return row


def _put(row: Job, fields: dict[str, object], event: Event, actor: Actor) -> None:
    before = {"state": row.state, "kind": row.kind, "attempts": row.attempt, "error": row.error}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    record(event, row, actor=actor, change=Facts(before, {"state": row.state}))
