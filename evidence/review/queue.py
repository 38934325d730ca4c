"""The queue of reviews: drafts that wait for a person, the least sure first; one query for a page of any size."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.models import Aims
from evidence.library import Tab
from evidence.models import EvidenceVersion, Review
from evidence.permissions import may_confirm_review
from evidence.review.standing import WORDS, reader_of

TABS = ("open", "unsure", "weak", "confirmed")
PAGE_SIZE = 50
WEAK = 2


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One review of the queue, in finished strings."""

    code: str
    title: str
    address: str
    control: str
    score: int
    words: str
    marks: tuple[bool, ...]
    confidence: int
    is_unsure: bool
    flag: str
    who: str
    at: datetime
    confirm: str


def reviews_that_count() -> QuerySet[Any]:
    """Return the reviews of the newest version of items that hold; `counts` is the score, or else the draft's."""
    newest = EvidenceVersion.objects.latest().filter(evidence__withdrawn_at__isnull=True)
    rows: QuerySet[Any] = Review.objects.filter(evidence_version__in=newest.values("pk"))
    counted: QuerySet[Any] = rows.annotate(counts=Coalesce("score", "drafted"))
    return counted


def tabs_of(current: str) -> list[Tab]:
    """Return the saved views of the queue with their counts: one query."""
    counts = reviews_that_count().aggregate(**{name: Count("pk", filter=_of(name)) for name in TABS})
    labels = {
        "open": _("To confirm"),
        "unsure": _("Unsure"),
        "weak": _("Weak"),
        "confirmed": _("Confirmed"),
    }
    tones = {"weak": "bad"}
    return [
        Tab(labels[name], f"tab={name}", counts[name], tones.get(name, "") if counts[name] else "", name == current)
        for name in TABS
    ]


def page_of(tab: str, aims: Aims, actor: Actor, number: str) -> tuple[Page[Any], list[QueueRow]]:
    """Return a page of the queue, the least sure first: two queries."""
    rows: QuerySet[Any] = reviews_that_count()
    rows = rows.filter(_of(tab)).order_by("confidence", "counts", "pk")
    rows = rows.select_related("evidence_version__evidence", "requirement", "confirmed_by")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    zone, may = ZoneInfo(aims.time_zone), may_confirm_review(actor)
    return page, [_row(row, aims, zone, may=may) for row in page.object_list]


def _of(tab: str) -> Q:
    waits = Q(confirmed_at__isnull=True)
    return {
        "open": waits,
        "unsure": waits & Q(confidence__lt=settings.REVIEW_CONFIDENCE),
        "weak": Q(counts__lte=WEAK),
        "confirmed": ~waits,
    }[tab]


def _row(row: Any, aims: Aims, zone: ZoneInfo, *, may: bool) -> QueueRow:
    item = row.evidence_version.evidence
    return QueueRow(
        code=item.code,
        title=item.title,
        address=reverse("evidence:detail", args=[aims.slug, item.code]),
        control=row.requirement.code,
        score=row.counts,
        words=str(WORDS[row.counts]),
        marks=tuple(place < row.counts for place in range(5)),
        confidence=row.confidence,
        is_unsure=not row.is_confirmed and row.confidence < settings.REVIEW_CONFIDENCE,
        flag=row.flags[0]["says"] if row.flags else "",
        who=row.confirmed_by.display_name if row.confirmed_by else reader_of(row),
        at=(row.confirmed_at or row.drafted_at).astimezone(zone),
        confirm=reverse("evidence:confirm_review", args=[aims.slug, item.code, row.pk]) if may else "",
    )
