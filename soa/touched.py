"""What a change of a system may touch of the statement: rows that the system relies on, or whose fields changed."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from changes.ports import Asked, Thing
from soa.models import Applicability, Entry
from systems.models import Reliance
from systems.record.schema import fields_serving


def entries_touched(asked: Asked) -> Iterator[Thing]:
    """The rows that are not excluded, in the order of the standard: two queries."""
    relied = set(
        Reliance.objects.filter(system=asked.system, withdrawn_at__isnull=True).values_list("requirement_id", flat=True)
    )
    serving = controls_at(asked.places)
    rows = Entry.objects.filter(Q(requirement__in=relied) | Q(requirement__code__in=serving))
    rows = rows.exclude(applicability=Applicability.EXCLUDED).select_related("requirement")
    for row in rows.order_by("requirement__position", "requirement__code"):
        code = row.requirement.code
        told = _("The system relies on it") if row.requirement_id in relied else _("The record answers it, and changed")
        address = reverse("soa:entry", args=[asked.system.aims.slug, code])
        yield Thing(row.ref, "entry", f"{code} {row.requirement.title}", address, told)


def controls_at(places: frozenset[tuple[str, ...]]) -> set[str]:
    """Return the controls that ask for what stands at, around or within some places of a record."""
    return {
        control
        for control, paths in fields_serving().items()
        for path in paths
        for place in places
        if place[: len(path)] == path or path[: len(place)] == place
    }
