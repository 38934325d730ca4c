"""The job `trace.timestamp`: once a day, a timestamp over the newest checkpoint, if TIMESTAMP_URL names a service."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.context import acting_in
from jobs.models import Job
from jobs.registry import Progress
from ledger.models import AnchorKind, Checkpoint
from trace.actions.keep_anchor import keep_stamp
from trace.actions.send_checkpoint import ANCHORS
from trace.actions.trouble import telling_of_trouble, trouble_over
from trace.anchoring.newest import aims_of, newest_or_halt
from trace.anchoring.news import newest_news, size_of_newest
from trace.anchoring.stamp import Stamp

KIND = "trace.timestamp"
SUBJECT = "timestamp"


@dataclass(frozen=True, slots=True)
class Stamped:
    """A checkpoint with its fresh timestamp."""

    row: Checkpoint
    stamp: Stamp


def work(job: Job, _tell: Progress) -> Stamped | None:
    """Ask the service, unless nothing is new since it was asked last."""
    aims = aims_of(job)
    if not settings.TIMESTAMP_URL:
        return None
    with telling_of_trouble(job, aims, SUBJECT, _("Checkpoints are not timestamped")):
        row = newest_or_halt(aims.pk)
        with acting_in(aims, ANCHORS):
            is_new = newest_news(row.size) > size_of_newest(AnchorKind.TIMESTAMP)
        if not is_new:
            return None
        from trace.anchoring.tsa import stamped  # noqa: PLC0415  (see there)

        return Stamped(row, stamped(bytes(row.note), settings.TIMESTAMP_URL, settings.TIMESTAMP_CA))


def finish(job: Job, outcome: Stamped | None) -> dict[str, Any]:
    """Keep and record the token, in one transaction with `done`."""
    with acting_in(aims_of(job), ANCHORS):
        trouble_over(SUBJECT, actor=ANCHORS)
        if outcome is None:
            return {}
        keep_stamp(outcome.row, outcome.stamp, actor=ANCHORS)
    return {"size": outcome.row.size, "authority": outcome.stamp.authority}
