"""What a seat of the certification body can be handed: packs that are kept, reports of what was decided."""

from collections.abc import Collection, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.days import day_of, short_day
from aims.models import Aims
from aims.ports import Kind, Shareable
from reports.listing import title_of
from reports.models import Pack, Preset, Report, ReportKind

HEAVY = ("statement_version__body", "assessment__frozen", "assessment__system__record")


def packs(aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the packs whose file is kept here, newest first; one query."""
    rows = Pack.objects.filter(is_kept=True).exclude(sha256="")
    if refs is not None:
        rows = rows.filter(code__in=[ref.partition(":")[2] for ref in refs])
    for row in rows:
        address = reverse("reports:pack_download", args=[aims.slug, row.code])
        yield Shareable(row.ref, f"{row.code} {Preset(row.preset).label}", address, f"ZIP, SHA-256 {row.sha256}")


def reports(aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the finished reports of approved versions and decided assessments, newest first; one query."""
    decided = Q(kind=ReportKind.ASSESSMENT) & ~Q(digest="")
    rows = Report.objects.filter(Q(statement_version__isnull=False) | decided).exclude(sha256="")
    if refs is not None:
        rows = rows.filter(pk__in=[code for ref in refs if (code := ref.partition(":")[2]).isdecimal()])
    for row in rows.select_related("statement_version", "assessment__system").defer(*HEAVY):
        made = {"day": short_day(day_of(row.asked_at, aims.time_zone)), "sum": row.sha256}
        address = reverse("reports:download", args=[aims.slug, row.pk])
        yield Shareable(row.ref, title_of(row), address, _("PDF of %(day)s, SHA-256 %(sum)s") % made)


PACKS = Kind("pack", gettext_lazy("Certification packs"), packs)
REPORTS = Kind("report", gettext_lazy("Reports"), reports)
