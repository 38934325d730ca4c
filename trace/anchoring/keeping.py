"""The job `trace.anchor`: read the newest checkpoint in the bucket back, hold the log to it, and write the next.

Reading comes first: a database that was restored together with its ANCHOR_ROOT is found out by what the bucket holds,
and is not to write there before. Nothing that somebody waits for ever asks the bucket.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import clock
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from jobs.models import Job
from jobs.registry import Progress
from ledger.actions import meet
from ledger.models import AnchorKind, Checkpoint, Log
from ledger.notes import NotANote
from trace.actions.keep_anchor import keep_in_bucket
from trace.actions.send_checkpoint import ANCHORS
from trace.actions.trouble import telling_of_trouble, trouble_over
from trace.anchoring.newest import aims_of, newest_or_halt
from trace.anchoring.news import size_of_newest

if TYPE_CHECKING:
    from trace.anchoring.bucket import Bucket, Copy

KIND = "trace.anchor"
SUBJECT = "bucket"
MOST_STRANGE = 20


class NotAsLeft(Refusal):
    """The bucket does not hold what was written to it, or holds what was not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint and where its copy lies; `row` is None when nothing had to be written."""

    row: Checkpoint | None = None
    place: str = ""


def place_in(bucket: str, path: str = "") -> str:
    """Return how an anchor names what lies in a bucket."""
    return f"s3://{bucket}/{path}"


def work(job: Job, _tell: Progress) -> Kept:
    """Compare and write, outside transactions; a log that is older than its copies is halted."""
    aims = aims_of(job)
    if not settings.ANCHOR_BUCKET:
        return Kept()
    with telling_of_trouble(job, aims, SUBJECT, _("Checkpoints are not kept in the bucket")):
        return _compared_and_written(aims)


def finish(job: Job, outcome: Kept) -> dict[str, Any]:
    """Keep the anchor, in one transaction with `done`."""
    with acting_in(aims_of(job), ANCHORS):
        trouble_over(SUBJECT, actor=ANCHORS)
        if outcome.row is not None:
            keep_in_bucket(outcome.row, outcome.place)
    return {"place": outcome.place}


def _compared_and_written(aims: Aims) -> Kept:
    from trace.anchoring.bucket import Bucket, key_of  # noqa: PLC0415  (see there)

    bucket = Bucket(settings.ANCHOR_BUCKET)
    bucket.check_lock()
    with acting_in(aims, ANCHORS):
        log = Log.objects.get()
        since = size_of_newest(AnchorKind.BUCKET, place_in(bucket.name, f"{log.origin}/"))
    copies = bucket.copies(log.origin, since)
    there = _compare(aims, bucket, copies)
    if since and since not in {copy.size for copy in copies}:
        raise NotAsLeft(
            _(
                "The bucket %(name)s does not hold the checkpoint over %(n)s records that was written to it: it was "
                "emptied or replaced. Bring it back, or name another one in ANCHOR_BUCKET."
            )
            % {"name": bucket.name, "n": since}
        )
    row = newest_or_halt(aims.pk)
    if row.size <= since:
        return Kept()
    key = key_of(log.origin, row.size)
    if bytes(row.note) not in there:
        bucket.put(key, bytes(row.note), clock.now() + timedelta(days=settings.ANCHOR_RETAIN_DAYS))
    return Kept(row, place_in(bucket.name, key))


def _compare(aims: Aims, bucket: "Bucket", copies: "Sequence[Copy]") -> set[bytes]:
    """Hold the log to the checkpoints over the most records, and return them; raises RolledBack.

    What is named like a checkpoint and is none is passed over, but not if somebody put heaps of it in the way.
    """
    found: dict[bytes, int] = {}
    strange = 0
    for copy in copies:
        if found and copy.size not in found.values():
            break
        data = bucket.read(copy)
        try:
            meet(aims.pk, data.decode())
            found[data] = copy.size
        except (NotANote, UnicodeDecodeError):
            strange += 1
        if strange > MOST_STRANGE:
            raise NotAsLeft(
                _("The bucket %(name)s holds other things in place of checkpoints.") % {"name": bucket.name}
            )
    return set(found)
