"""How the copies outside stand, for pages: what lies in the bucket, what was timestamped, and what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from aims.models import Aims
from jobs.models import Job, JobState
from ledger.models import Anchor, AnchorKind, Checkpoint
from trace.anchoring import keeping, stamping

STANDING_STILL = (JobState.QUEUED, JobState.FAILED, JobState.DEAD)


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of copy: where it goes, the newest one (0 and None for none yet), and the trouble there is now."""

    where: str
    size: int
    at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Token:
    """A timestamp to hand out beside its checkpoint."""

    name: str
    data: bytes
    authority: str
    at: datetime


def bucket_standing(aims: Aims) -> Standing | None:
    """Return how the bucket stands, or None where none is named; two queries."""
    where = settings.ANCHOR_BUCKET
    place = keeping.place_in(where)
    return _standing(aims, where, AnchorKind.BUCKET, keeping.KIND, place) if where else None


def timestamp_standing(aims: Aims) -> Standing | None:
    """Return how timestamps stand, or None where no service is named; two queries."""
    where = settings.TIMESTAMP_URL
    return _standing(aims, where, AnchorKind.TIMESTAMP, stamping.KIND) if where else None


def token_of(aims: Aims, row: Checkpoint) -> Token | None:
    """Return the newest timestamp of a checkpoint; `openssl ts -verify -token_in` reads it."""
    anchor = Anchor.objects.filter(checkpoint=row, kind=AnchorKind.TIMESTAMP).order_by("-pk").first()
    if anchor is None:
        return None
    return Token(f"checkpoint-{aims.slug}-{row.size}.tst", bytes(anchor.token), anchor.place, anchor.made_at)


def _standing(aims: Aims, where: str, kind: AnchorKind, job_kind: str, place: str = "") -> Standing:
    newest = (
        Anchor.objects.filter(kind=kind, place__startswith=place).select_related("checkpoint").order_by("-pk").first()
    )
    job = Job.objects.filter(kind=job_kind, aims_id=aims.pk).order_by("-pk").first()
    trouble = job.error if job and job.state in STANDING_STILL else ""
    if newest is None:
        return Standing(where, 0, None, trouble)
    return Standing(where, newest.checkpoint.size, newest.made_at, trouble)
