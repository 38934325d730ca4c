"""Impact assessments that a seat of the certification body can be shown: those that were decided on."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.days import day_of, short_day
from aims.models import Aims
from aims.ports import Kind, Shareable
from assessments.models import Assessment


def assessments(aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the decided editions by their code; one query."""
    rows = Assessment.objects.filter(decided_at__isnull=False).select_related("system").defer("frozen")
    for row in rows.order_by("code", "-pk"):
        if refs is None or row.ref in refs:
            title = f"{row.code} {row.edition}, {row.system.name}"
            day = short_day(day_of(row.decided_at, aims.time_zone)) if row.decided_at else ""
            note = _("%(decision)s, decided %(day)s") % {"decision": row.get_decision_display(), "day": day}
            yield Shareable(
                row.ref, title, reverse("assessments:detail", args=[aims.slug, row.code, row.edition]), note
            )


ASSESSMENTS = Kind("assessment", gettext_lazy("Impact assessments"), assessments)
