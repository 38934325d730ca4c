"""The audits that a seat of the certification body is given for: its own dates of the cycle, never internal ones."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.days import short_day
from aims.models import Aims
from aims.ports import Kind, Shareable
from audits.models import Milestone, MilestoneKind

THEIRS = (
    MilestoneKind.STAGE_1,
    MilestoneKind.STAGE_2,
    MilestoneKind.SURVEILLANCE_1,
    MilestoneKind.SURVEILLANCE_2,
    MilestoneKind.RECERTIFICATION,
)


def audits(_aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the audits of the certification body by their dates; one query."""
    rows = Milestone.objects.filter(withdrawn_at__isnull=True, kind__in=THEIRS)
    if refs is not None:
        rows = rows.filter(pk__in=[code for ref in refs if (code := ref.partition(":")[2]).isdecimal()])
    for row in rows:
        held = _("held on %(day)s") % {"day": short_day(row.held_on)} if row.held_on else ""
        note = held or _("planned for %(day)s") % {"day": short_day(row.due_on)}
        parts = (part for part in (str(row.get_kind_display()), row.reference) if part)
        yield Shareable(row.ref, ", ".join(parts), "", note)


AUDITS = Kind("milestone", gettext_lazy("Audits"), audits)
