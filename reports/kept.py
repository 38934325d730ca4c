"""The stored files that are reports and packs, and whether they are those that the chain names."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from accounts.context import current_aims_id
from aims.models import Aims
from evidence.ports import StoredFile
from reports.events import PACK_MADE, RENDERED
from reports.listing import title_of
from reports.models import Pack, Report
from reports.shared import HEAVY
from trace.frozen import Frozen, Kind, Said, faults_of

CHUNK = 500


def report_files() -> Iterator[StoredFile]:
    """Return the files of finished reports: two queries."""
    slug = Aims.objects.filter(pk=current_aims_id()).values_list("slug", flat=True).first()
    address = reverse("reports:list", args=[slug]) if slug else ""
    rows = Report.objects.exclude(sha256="").select_related("statement_version", "assessment__system").defer(*HEAVY)
    for report in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield StoredFile(report.sha256, report.size, report.name, report.ref, title_of(report), address)


def pack_files() -> Iterator[StoredFile]:
    """Return the files of packs that are kept here: two queries."""
    slug = Aims.objects.filter(pk=current_aims_id()).values_list("slug", flat=True).first()
    for pack in Pack.objects.filter(is_kept=True).exclude(sha256="").order_by("pk").iterator(chunk_size=CHUNK):
        address = reverse("reports:pack", args=[slug, pack.code]) if slug else ""
        yield StoredFile(pack.sha256, pack.size, pack.name, pack.ref, str(pack), address)


def packs_unlike_their_records() -> Iterator[str]:
    """Return what is wrong with packs that were made: each has the record that names its file, and none is gone."""
    return faults_of(Kind((PACK_MADE.name,), _packed, _without_pack))


def unlike_their_records() -> Iterator[str]:
    """Return what is wrong with finished reports: each has the record that names its file, and none is gone."""
    return faults_of(Kind((RENDERED.name,), _rendered, _without_report))


def _packed() -> Iterator[Frozen]:
    rows = Pack.objects.exclude(sha256="").order_by("pk").values_list("code", "sha256")
    for code, digest in rows.iterator(chunk_size=CHUNK):
        yield Frozen(f"{Pack.ref_kind}:{code}", digest, ((PACK_MADE.name,),))


def _without_pack(records: Sequence[Said]) -> Iterable[Said]:
    codes = [said.key.rpartition(":")[2] for said in records]
    there = {
        f"{Pack.ref_kind}:{code}"
        for code in Pack.objects.exclude(sha256="").filter(code__in=codes).values_list("code", flat=True)
    }
    return (said for said in records if said.key not in there)


def _rendered() -> Iterator[Frozen]:
    rows = Report.objects.exclude(sha256="").order_by("pk").values_list("pk", "sha256")
    for pk, digest in rows.iterator(chunk_size=CHUNK):
        yield Frozen(f"{Report.ref_kind}:{pk}", digest, ((RENDERED.name,),))


def _without_report(records: Sequence[Said]) -> Iterable[Said]:
    numbers = [int(code) for said in records if (code := said.key.rpartition(":")[2]).isdecimal()]
    there = {f"{Report.ref_kind}:{pk}" for pk in Report.objects.filter(pk__in=numbers).values_list("pk", flat=True)}
    return (said for said in records if said.key not in there)
