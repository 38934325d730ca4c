"""The stored files that this room itself names: those of evidence."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.context import current_aims_id
from aims.models import Aims
from evidence.models import File
from evidence.ports import StoredFile

CHUNK = 2_000
NAMED = (
    *("sha256", "size", "name"),
    *("evidence_version__evidence__code", "evidence_version__number", "evidence_version__evidence__title"),
)


def evidence_files() -> Iterator[StoredFile]:
    """Return the files of every version of every item, withdrawn ones too: two queries."""
    slug = Aims.objects.filter(pk=current_aims_id()).values_list("slug", flat=True).first()
    address = reverse("evidence:detail", args=[slug, "CODE"]) if slug else ""
    for sha256, size, name, code, number, title in File.objects.values_list(*NAMED).iterator(chunk_size=CHUNK):
        yield StoredFile(sha256, size, name, f"evidence:{code}@{number}", title, address.replace("CODE", code))
