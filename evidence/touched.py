"""What a change of a system may touch of proof: the items that were linked for another version of it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from changes.ports import Asked, Thing
from evidence.models import EvidenceLink


def evidence_touched(asked: Asked) -> Iterator[Thing]:
    """The items linked for the system at a version that is not in use any more, or at none: one query."""
    slug, in_use = asked.system.aims.slug, asked.system.model_version
    links = EvidenceLink.objects.live().filter(system=asked.system, evidence__withdrawn_at__isnull=True)
    for link in links.exclude(system_version=in_use or "-").select_related("evidence").order_by("evidence__code", "pk"):
        told = _("Shows version %s") % link.system_version if link.system_version else _("Linked without a version")
        address = reverse("evidence:detail", args=[slug, link.evidence.code])
        yield Thing(link.evidence.ref, "evidence", f"{link.evidence.code} {link.evidence.title}", address, told)
