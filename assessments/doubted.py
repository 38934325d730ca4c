"""What incidents ask of this room: what references name."""

from collections.abc import Collection, Iterator

from django.urls import reverse

from accounts.context import current_aims_id
from aims.models import Aims
from assessments.models import Assessment, Risk
from incidents.ports import Named


def assessments_named(codes: Collection[str]) -> Iterator[Named]:
    """Assessments by their code, with or without an edition: without one the newest is meant."""
    slug = Aims.objects.get(pk=current_aims_id()).slug
    rows = Assessment.objects.filter(code__in={code.partition("@")[0] for code in codes}).select_related("system")
    found: dict[str, Assessment] = {}
    for row in rows.order_by("pk"):
        found |= dict.fromkeys((row.code, row.ref_code), row)
    for code in codes:
        if code in found:
            one = found[code]
            address = reverse("assessments:detail", args=[slug, one.code, one.edition])
            yield Named(f"assessment:{code}", f"{one.ref_code} {one.system.name}", address)


def risks_named(codes: Collection[str]) -> Iterator[Named]:
    """Risks by their code."""
    slug = Aims.objects.get(pk=current_aims_id()).slug
    for row in Risk.objects.filter(code__in=codes).order_by("code"):
        yield Named(row.ref, str(row), reverse("assessments:risk", args=[slug, row.code]))
