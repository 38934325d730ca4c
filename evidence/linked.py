"""What the registry shows of proof: the items linked for one AI system."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from aims.days import day_of
from evidence.library import mark_of
from evidence.models import EvidenceLink
from evidence.queries import items
from systems.models import AiSystem
from systems.ports import Fact


def facts(system: AiSystem, at: datetime | None = None) -> Iterable[Fact]:
    """Return the items that are linked for a system, or were at an instant, the most urgent first; two queries."""
    links = EvidenceLink.objects.live(at).filter(system=system).select_related("requirement")
    serves: dict[int, list[str]] = {}
    for link in links.order_by("requirement__position", "requirement__code"):
        serves.setdefault(link.evidence_id, []).append(link.requirement.code)
    proof = items(at).filter(withdrawn_at__isnull=True, id__in=serves).order_by("renew_by", "id")
    today = day_of(at or clock.now(), system.aims.time_zone)
    return [_fact(system, item, serves[item.pk], today) for item in proof]


def _fact(system: AiSystem, item: Any, codes: list[str], today: date) -> Fact:
    mark = mark_of(item, today)
    return Fact(
        heading=_("Evidence"),
        ref=item.code,
        title=item.title,
        address=reverse("evidence:detail", args=[system.aims.slug, item.code]),
        note=", ".join(codes),
        tone=mark.tone,
        glyph=mark.glyph,
        state=mark.words,
    )
