"""What the registry shows of proof: the items linked for one AI system."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from evidence.library import mark_of
from evidence.models import Evidence, EvidenceLink
from systems.models import AiSystem
from systems.ports import Fact


def facts(system: AiSystem) -> Iterable[Fact]:
    """Return the items that were linked for a system, the most urgent first; two queries."""
    links = EvidenceLink.objects.live().filter(system=system).select_related("requirement")
    serves: dict[int, list[str]] = {}
    for link in links.order_by("requirement__position", "requirement__code"):
        serves.setdefault(link.evidence_id, []).append(link.requirement.code)
    items = Evidence.objects.live().with_latest_version().filter(pk__in=serves).order_by("renew_by", "pk")  # type: ignore[misc]
    return [_fact(system, item, serves[item.pk]) for item in items]


def _fact(system: AiSystem, item: Any, codes: list[str]) -> Fact:
    mark = mark_of(item, clock.today(system.aims.time_zone))
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
