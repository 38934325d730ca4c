"""Keep that a copy of a checkpoint is outside: in a locked bucket, or as the token of a timestamp service."""

from hashlib import sha256

from django.db import transaction

from accounts.actor import Actor
from ledger.actions import record
from ledger.events import TIMESTAMPED
from ledger.models import Anchor, AnchorKind, Checkpoint
from trace.anchoring.stamp import Stamp

LONGEST = 300


def keep_in_bucket(row: Checkpoint, place: str) -> Anchor:
    """Keep where the copy lies; it is not recorded, because every hour's record would make the next hour's copy."""
    anchor = Anchor(checkpoint=row, aims_id=row.aims_id, kind=AnchorKind.BUCKET, place=place[:LONGEST])
    anchor.save(force_insert=True)
    return anchor


@transaction.atomic
def keep_stamp(row: Checkpoint, stamp: Stamp, *, actor: Actor) -> Anchor:
    """Keep the token, and record who confirmed when the checkpoint existed."""
    decision = {
        "outcome": f"existed by {stamp.at:%Y-%m-%dT%H:%M:%SZ}",
        "reason": "a timestamp continues, limits, defers and refuses nothing",
    }
    record(TIMESTAMPED, row, actor=actor, after_hash=sha256(stamp.token).hexdigest(), decision=decision)
    anchor = Anchor(
        checkpoint=row,
        aims_id=row.aims_id,
        kind=AnchorKind.TIMESTAMP,
        place=stamp.authority[:LONGEST],
        token=stamp.token,
    )
    anchor.save(force_insert=True)
    return anchor
