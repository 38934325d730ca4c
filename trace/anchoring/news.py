"""What of a log is new since a copy of its checkpoint went outside; that a copy was made is no news itself."""

from django.db.models import Max

from ledger.events import SENT, TIMESTAMPED
from ledger.models import Anchor, AnchorKind, Leaf

QUIET = (SENT.name, TIMESTAMPED.name)


def newest_news(size: int) -> int:
    """Return the number of the newest of the first records that tells of more than a copy, 0 for none.

    Without this each mail would be a reason for the next.
    """
    rows = Leaf.objects.filter(number__lte=size).exclude(record__event__in=QUIET).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0


def sent_sizes() -> dict[int, int]:
    """Return how many records the newest checkpoint covers that each person was sent, by the person's id."""
    rows = Anchor.objects.filter(kind=AnchorKind.MAIL, person__isnull=False)
    return dict(rows.values_list("person_id").annotate(newest=Max("checkpoint__size")))


def size_of_newest(kind: AnchorKind, place: str = "") -> int:
    """Return how many records the newest checkpoint covers of which there is such a copy, 0 for none."""
    rows = Anchor.objects.filter(kind=kind, place__startswith=place)
    return rows.aggregate(newest=Max("checkpoint__size"))["newest"] or 0
