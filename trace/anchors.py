"""What the page of anchors and keys shows: where copies of checkpoints went, the keys, who is sent the newest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator

from aims.models import Aims, Membership
from ledger.actions.seal import is_ours
from ledger.keys import key_of
from ledger.models import Anchor, AnchorKind, Checkpoint, Incarnation, Log, LogKey, Record, Waiting
from trace.anchoring.recipients import auditors
from trace.anchoring.standing import Standing, bucket_standing, timestamp_standing
from trace.outside import where

PAGE = 25
MOST_FORGED = 20
LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a checkpoint outside; a timestamp has a token to hand out."""

    kind: str
    at: datetime
    where: str
    size: int
    has_token: bool


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key of the log: its number, its id (hex), its public half in one line, and whether it signs now."""

    number: int
    key_id: str
    made_at: datetime
    text: str
    is_in_use: bool


@dataclass(frozen=True, slots=True)
class Life:
    """A life of the log under one origin, and what was lost when it began."""

    number: int
    origin: str
    begun_at: datetime
    restored_size: int
    lost_size: int


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The page: the newest checkpoint, its copies, the keys, the lives of the log, and to whom and where copies go."""

    newest: Checkpoint | None
    signed_at: datetime | None
    page: "Page[Any]"
    copies: list[Copy]
    keys: list[KeyLine]
    lives: list[Life]
    auditors: list[Membership]
    bucket: Standing | None
    timestamp: Standing | None


def anchoring(log: Log, aims: Aims, page: str | None) -> Anchoring:
    """Return the page; eleven queries at most."""
    zone = ZoneInfo(aims.time_zone)
    newest = Checkpoint.objects.filter(log=log, size=log.signed_size).defer("frontier").first()
    anchors = Anchor.objects.filter(checkpoint__log=log).select_related("checkpoint", "person").order_by("-pk")
    shown = Paginator(anchors.defer("token", "checkpoint__note", "checkpoint__frontier"), PAGE).get_page(page)
    return Anchoring(
        newest=newest,
        signed_at=newest.made_at.astimezone(zone) if newest else None,
        page=shown,
        copies=_copies(shown, zone),
        keys=_keys(log, zone),
        lives=_lives(log, zone),
        auditors=auditors(),
        bucket=bucket_standing(aims),
        timestamp=timestamp_standing(aims),
    )


def _copies(anchors: Iterable[Anchor], zone: ZoneInfo) -> list[Copy]:
    return [
        Copy(
            kind=str(AnchorKind(row.kind).label),
            at=row.made_at.astimezone(zone),
            where=where(row),
            size=row.checkpoint.size,
            has_token=row.kind == AnchorKind.TIMESTAMP,
        )
        for row in anchors
    ]


def _keys(log: Log, zone: ZoneInfo) -> list[KeyLine]:
    rows = list(LogKey.objects.filter(log=log).order_by("-number").defer("private"))
    in_use = next((row.number for row in rows if row.name == log.origin), 0)
    return [_key(row, zone, is_in_use=row.number == in_use) for row in rows]


def _key(row: LogKey, zone: ZoneInfo, *, is_in_use: bool) -> KeyLine:
    key = key_of(row)
    return KeyLine(row.number, key.id.hex(), row.made_at.astimezone(zone), key.text, is_in_use)


def _lives(log: Log, zone: ZoneInfo) -> list[Life]:
    rows = Incarnation.objects.filter(log=log).order_by("-number")
    return [
        Life(row.number, row.origin, row.begun_at.astimezone(zone), row.restored_size, row.lost_size) for row in rows
    ]


def forged() -> list[Record]:
    """Return waiting records of the AIMS in context that Assay did not write; asked only where a log is halted."""
    waiting = Waiting.objects.select_related("record").order_by("record_id")[:LOOKED_AT]
    return [row.record for row in waiting if not is_ours(row.record)][:MOST_FORGED]
