"""Checkpoints between the records they cover: those of which a copy went outside, and the newest."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q

from ledger.models import Anchor, Checkpoint, Log
from trace.outside import all_went, day_of, time_of


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint as a row of the list: what it covers, when it was signed, where copies went."""

    size: int
    root: str
    signed_on: str
    signed_at: str
    went: str


def marks(log: Log, numbers: Sequence[int], *, before: int, zone: ZoneInfo) -> dict[int, Mark]:
    """Return the checkpoint that stands above each record of a page, newest first; three queries at most.

    Between two records shown there may be many where the list is filtered: the first that covers the older one counts.
    """
    if not numbers:
        return {}
    places = _places(_sizes(log, numbers[-1], before), numbers)
    anchors = Prefetch("anchors", Anchor.objects.select_related("person").defer("token"))
    rows = Checkpoint.objects.filter(log=log, size__in=places).prefetch_related(anchors)
    return {places[row.size]: _mark(row, zone) for row in rows.defer("note", "frontier")}


def _sizes(log: Log, lowest: int, before: int) -> list[int]:
    """Return the sizes worth a row from the oldest record shown up to where the page above ends, ascending."""
    copies = Anchor.objects.filter(checkpoint=OuterRef("pk"))
    rows = Checkpoint.objects.filter(Q(size=log.signed_size) | Exists(copies), log=log, size__gte=lowest)
    rows = rows.filter(size__lt=before) if before else rows
    return list(rows.order_by("size").values_list("size", flat=True))


def _places(sizes: Sequence[int], numbers: Sequence[int]) -> dict[int, int]:
    """Return, by size, the number of the record that a checkpoint stands above; one checkpoint above each."""
    above: dict[int, int] = {}
    shown = list(numbers)
    for size in sizes:
        covered = next(number for number in shown if number <= size)
        above.setdefault(covered, size)
    return {size: number for number, size in above.items()}


def _mark(row: Checkpoint, zone: ZoneInfo) -> Mark:
    return Mark(
        size=row.size,
        root=row.root[:16],
        signed_on=day_of(row.made_at, zone),
        signed_at=time_of(row.made_at, zone),
        went=all_went(row.anchors.all(), zone),
    )
