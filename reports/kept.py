"""The stored files that are reports."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.context import current_aims_id
from aims.models import Aims
from evidence.ports import StoredFile
from reports.listing import title_of
from reports.models import Report

CHUNK = 500


def report_files() -> Iterator[StoredFile]:
    """Return the files of finished reports: two queries."""
    slug = Aims.objects.filter(pk=current_aims_id()).values_list("slug", flat=True).first()
    address = reverse("reports:list", args=[slug]) if slug else ""
    rows = Report.objects.exclude(sha256="").select_related("statement_version").defer("statement_version__body")
    for report in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield StoredFile(report.sha256, report.size, report.name, report.ref, title_of(report), address)
