"""Evidence that a seat of the certification body can be shown: items that were given and not withdrawn."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.models import Aims
from aims.ports import Kind, Shareable
from evidence.queries import items


def evidence(aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the items by their code, with their newest version; one query."""
    rows = items().filter(withdrawn_at__isnull=True, latest_number__isnull=False)
    if refs is not None:
        rows = rows.filter(code__in=[ref.partition(":")[2] for ref in refs])
    for row in rows.order_by("code"):
        note = _("%(kind)s, version %(n)s") % {"kind": row.get_kind_display(), "n": row.latest_number}
        address = reverse("evidence:detail", args=[aims.slug, row.code])
        yield Shareable(row.ref, f"{row.code} {row.title}", address, note)


EVIDENCE = Kind("evidence", gettext_lazy("Evidence"), evidence)
