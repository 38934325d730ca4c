"""Statement versions that a seat of the certification body can be shown: approved ones, in force or superseded."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.days import day_of, short_day
from aims.models import Aims
from aims.ports import Kind, Shareable
from soa.models import StatementVersion, VersionState
from soa.queries.versions import KEPT


def versions(aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the approved versions, newest first; one query."""
    rows = StatementVersion.objects.filter(state__in=KEPT).defer("body").order_by("-number")
    for row in rows:
        if refs is None or row.ref in refs:
            title = _("Statement version %(n)s") % {"n": row.number}
            day = short_day(day_of(row.decided_at, aims.time_zone)) if row.decided_at else ""
            told = _("in force, approved %(day)s") if row.state == VersionState.APPROVED else _("approved %(day)s")
            yield Shareable(row.ref, title, reverse("soa:version", args=[aims.slug, row.pk]), told % {"day": day})


VERSIONS = Kind("version", gettext_lazy("Statement versions"), versions)
