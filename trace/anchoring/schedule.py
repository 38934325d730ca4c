"""When copies go outside: mail and timestamp once a day where the organisation is, the bucket every hour at most."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts import clock
from accounts.context import acting_in
from aims.models import Aims
from jobs.actions import enqueue
from ledger.models import Anchor, AnchorKind, Checkpoint
from trace.actions.send_checkpoint import ANCHORS
from trace.anchoring import keeping, mailing, stamping

DAILY, HOURLY, START = "trace.daily", "trace.hourly", "trace.start"
HOUR = 7


def ask_each_day() -> None:
    """Ask for the day's mails and timestamp from seven in the morning on, local time; asking again changes nothing."""
    for aims in _all():
        local = _local(aims)
        if local.hour < HOUR:
            continue
        _ask(mailing.KIND, aims, local.date().isoformat())
        if settings.TIMESTAMP_URL:
            _ask(stamping.KIND, aims, local.date().isoformat())


def ask_each_hour() -> None:
    """Ask for a copy in the bucket where there is a newer checkpoint, and once a day for the comparison alone."""
    if not settings.ANCHOR_BUCKET:
        return
    for aims in _all():
        with acting_in(aims, ANCHORS):
            is_new = _is_newer_than_the_copy()
        _ask(keeping.KIND, aims, f"{clock.now():%Y-%m-%dT%H}" if is_new else _local(aims).date().isoformat())


def ask_at_start() -> None:
    """Ask for the comparison when a ticker starts: a database that was just restored shows itself at once."""
    if settings.ANCHOR_BUCKET:
        for aims in _all():
            _ask(keeping.KIND, aims, f"start:{uuid4().hex}")


def _all() -> Iterator[Aims]:
    yield from Aims.objects.filter(removed_at__isnull=True).order_by("pk")


def _local(aims: Aims) -> datetime:
    return clock.now().astimezone(ZoneInfo(aims.time_zone))


def _ask(kind: str, aims: Aims, when: str) -> None:
    with acting_in(aims, ANCHORS):
        enqueue(kind, dedupe_key=f"{aims.pk}:{when}", actor=ANCHORS, payload={}, aims_id=aims.pk)


def _is_newer_than_the_copy() -> bool:
    row = Checkpoint.objects.order_by("-size").first()
    if row is None:
        return False
    place = keeping.place_in(settings.ANCHOR_BUCKET)
    return not Anchor.objects.filter(checkpoint=row, kind=AnchorKind.BUCKET, place__startswith=place).exists()
