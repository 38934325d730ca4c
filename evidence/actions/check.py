"""Have every stored file hashed again, and write down what was found."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.models import Aims
from aims.queries import steward
from duties.actions import close_tasks, open_task
from evidence.events import FAILED, RESTORED
from evidence.integrity.check import Fault, State, Tally
from evidence.models import IntegrityCheck
from evidence.permissions import may_check, may_stop_check
from jobs.actions import cancel, enqueue
from jobs.models import FINISHED, Job
from ledger.actions import record
from ledger.change import Facts

KIND = "evidence.integrity"
TASK = "integrity"
SUBJECT = "integrity-check:files"
NAMED = 50


class NotRunning(Refusal):
    """No check is under way."""


def under_way() -> Job | None:
    """Return the check that is not finished, if there is one."""
    return Job.objects.filter(kind=KIND, aims_id=current_aims_id()).exclude(state__in=FINISHED).first()


def ask_for_check(*, actor: Actor, key: str = "") -> Job:
    """Write the job, or return the one that is under way; asking changes nothing governed, so it is not recorded.

    `key` makes it unique in the AIMS, such as a day; without one it is the request.
    """
    require(may_check(actor))
    aims_id = current_aims_id()
    payload = {"by": actor.user_id, "started_at": clock.now().isoformat()}
    dedupe_key = f"{aims_id}:{key or actor.request_id}"
    return under_way() or enqueue(KIND, dedupe_key=dedupe_key, actor=actor, payload=payload, aims_id=aims_id)


def go_on(job: Job, tally: Tally, *, actor: Actor) -> Job:
    """Let another job go on where this one used up its time; nothing is noted before the end."""
    part = int(job.payload.get("part", 1)) + 1
    payload = job.payload | {"part": part, "tally": tally.as_json}
    key = f"{job.dedupe_key.partition('+')[0]}+{part}"
    return enqueue(KIND, dedupe_key=key, actor=actor, payload=payload, aims_id=job.aims_id)


def stop_check(*, actor: Actor) -> Job:
    """Cancel the check that is under way; what it found so far is dropped."""
    job = under_way()
    require(may_stop_check(actor, job.payload.get("by") if job else None))
    if job is None or not cancel(job):
        raise NotRunning(_("No check is under way."))
    return job


@transaction.atomic
def note_check(tally: Tally, *, started_at: datetime, by_id: int | None, actor: Actor) -> IntegrityCheck:
    """Keep what a finished check found, and see that somebody is told.

    The chain hears of it only when the faults are others than the time before: a check that found nothing changes
    nothing, and the same fault every night is one fact. The row itself can be neither changed nor removed.
    """
    before = IntegrityCheck.objects.first()
    row = IntegrityCheck(
        aims_id=current_aims_id(),
        started_at=started_at,
        finished_at=clock.now(),
        by_id=by_id,
        files=tally.files,
        bytes=tally.bytes,
        altered=tally.altered,
        missing=tally.missing,
        faults=tally.as_json["faults"],
        faults_digest=tally.digest,
    )
    row.save()
    if tally.digest != (before.faults_digest if before else ""):
        _record(row, tally, actor)
    _tell(row, actor)
    return row


def _record(row: IntegrityCheck, tally: Tally, actor: Actor) -> None:
    if tally.is_sound:
        record(RESTORED, row, actor=actor, change=Facts({}, {"found": f"{row.files} files as given"}))
        return
    named = tally.faults[:NAMED]
    facts: dict[str, Any] = {"found": f"{row.altered} altered, {row.missing} missing of {row.files} files"}
    facts |= {state.value: names for state in (State.ALTERED, State.MISSING) if (names := _names(named, state))}
    files = [entry for fault in named for entry in _in_record(fault)]
    record(FAILED, row, actor=actor, change=Facts({}, facts), after_hash=tally.digest, evidence=files)


def _names(faults: list[Fault], state: State) -> list[str]:
    return [f"{holder.what} {holder.name}" for fault in faults if fault.state == state for holder in fault.holders]


def _in_record(fault: Fault) -> list[dict[str, Any]]:
    """Return the versions of evidence that a file belongs to, as a record's `evidence` lists them."""
    refs = [holder.what.removeprefix("evidence:") for holder in fault.holders if holder.what.startswith("evidence:")]
    versions = [ref.rpartition("@") for ref in refs]
    held = {"sha256": fault.sha256, "size": fault.size}
    return [{"id": code, "version": int(number), **held} for code, _at, number in versions]


def _tell(row: IntegrityCheck, actor: Actor) -> None:
    """Keep one task open as long as something is wrong."""
    if not row.wrong:
        close_tasks(TASK, SUBJECT, actor=actor)
        return
    owner = steward()
    title = ngettext(
        "%(n)d stored file is altered or missing", "%(n)d stored files are altered or missing", row.wrong
    ) % {"n": row.wrong}
    slug = Aims.objects.values_list("slug", flat=True).get(pk=row.aims_id)
    address = reverse("evidence:integrity", args=[slug])
    open_task(TASK, SUBJECT, title, owner_id=owner.pk if owner else None, address=address)
