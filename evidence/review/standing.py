"""What reviews say of an item, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.actor import Actor
from aims.history import rows_at
from aims.models import Aims
from evidence.models import Evidence, Review
from evidence.permissions import may_confirm_review

WORDS = {0: _l("of no use"), 1: _l("hardly of use"), 2: _l("weak"), 3: _l("adequate"), 4: _l("good"), 5: _l("strong")}
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One reason: what is said, and the words of the document that show it."""

    says: str
    quote: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review as a panel shows it; `address` is empty for those who may not confirm it."""

    control: str
    number: int
    score: int
    words: str
    is_confirmed: bool
    is_unsure: bool
    confidence: int
    who: str
    at: datetime
    reason: str
    note: str
    strengths: tuple[Said, ...]
    flags: tuple[Said, ...]
    address: str

    @property
    def marks(self) -> tuple[bool, ...]:
        """The five marks of the score, filled from the left."""
        return tuple(place < self.score for place in range(5))


def reviews_of(item: Evidence, aims: Aims, actor: Actor, at: datetime | None = None) -> tuple[ReviewLine, ...]:
    """Return the reviews of the newest reviewed version of an item, now or as they stood: one query."""
    rows: Any = rows_at(Review, at).filter(evidence_version__evidence=item.pk)
    rows = rows.select_related("evidence_version", "requirement", "confirmed_by")
    found = sorted(rows, key=lambda row: (row.requirement.position, row.pk))
    newest = max((row.evidence_version.number for row in found), default=0)
    may = at is None and item.withdrawn_at is None and may_confirm_review(actor)
    zone = ZoneInfo(aims.time_zone)
    return tuple(_line(row, item, aims, zone, may=may) for row in found if row.evidence_version.number == newest)


def reader_of(row: Review) -> str:
    """Return who drafted it, in words."""
    return f"{row.model}, {row.provider}" if row.model else _("Local reader, %s") % row.method


def _line(row: Review, item: Evidence, aims: Aims, zone: ZoneInfo, *, may: bool) -> ReviewLine:
    score = row.drafted if row.score is None else row.score
    return ReviewLine(
        control=row.requirement.code,
        number=row.evidence_version.number,
        score=score,
        words=_("%(n)s of 5, %(words)s") % {"n": score, "words": WORDS[score]},
        is_confirmed=row.is_confirmed,
        is_unsure=not row.is_confirmed and row.confidence < settings.REVIEW_CONFIDENCE,
        confidence=row.confidence,
        who=row.confirmed_by.display_name if row.confirmed_by else reader_of(row),
        at=(row.confirmed_at or row.drafted_at).astimezone(zone),
        reason=row.reason,
        note=row.note,
        strengths=tuple(Said(**one) for one in row.strengths[:SHOWN]),
        flags=tuple(Said(**one) for one in row.flags[:SHOWN]),
        address=reverse("evidence:confirm_review", args=[aims.slug, item.code, row.pk]) if may else "",
    )
