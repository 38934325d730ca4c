"""Ask for the whole chain to be verified."""

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from jobs.actions import enqueue
from jobs.models import FINISHED, Job
from trace.permissions import may_verify
from trace.verifying import KIND


def ask_to_verify(*, actor: Actor) -> Job:
    """Write the job, or return the one that is under way; nothing governed changes, so nothing is recorded."""
    require(may_verify(actor))
    aims_id = current_aims_id()
    under_way = Job.objects.filter(kind=KIND, aims_id=aims_id).exclude(state__in=FINISHED).first()
    key = f"{aims_id}:{actor.request_id}"
    return under_way or enqueue(KIND, dedupe_key=key, actor=actor, payload={}, aims_id=aims_id)
