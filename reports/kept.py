"""The stored files that are reports, and whether they are those that the chain names."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from accounts.context import current_aims_id
from aims.models import Aims
from evidence.ports import StoredFile
from reports.events import RENDERED
from reports.listing import title_of
from reports.models import Report
from trace.frozen import Frozen, Kind, Said, faults_of

CHUNK = 500


def report_files() -> Iterator[StoredFile]:
    """Return the files of finished reports: two queries."""
    slug = Aims.objects.filter(pk=current_aims_id()).values_list("slug", flat=True).first()
    address = reverse("reports:list", args=[slug]) if slug else ""
    rows = Report.objects.exclude(sha256="").select_related("statement_version").defer("statement_version__body")
    for report in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield StoredFile(report.sha256, report.size, report.name, report.ref, title_of(report), address)


def unlike_their_records() -> Iterator[str]:
    """Return what is wrong with finished reports: each has the record that names its file, and none is gone."""
    return faults_of(Kind((RENDERED.name,), _rendered, _without_report))


def _rendered() -> Iterator[Frozen]:
    rows = Report.objects.exclude(sha256="").order_by("pk").values_list("pk", "sha256")
    for pk, digest in rows.iterator(chunk_size=CHUNK):
        yield Frozen(f"{Report.ref_kind}:{pk}", digest, ((RENDERED.name,),))


def _without_report(records: Sequence[Said]) -> Iterable[Said]:
    numbers = [int(code) for said in records if (code := said.key.rpartition(":")[2]).isdecimal()]
    there = {f"{Report.ref_kind}:{pk}" for pk in Report.objects.filter(pk__in=numbers).values_list("pk", flat=True)}
    return (said for said in records if said.key not in there)
