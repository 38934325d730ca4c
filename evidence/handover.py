"""What is handed over as proof: each item in the version that was current at an instant, exactly as it was recorded."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from evidence.digest import said_of
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A stored file: its bytes lie under the SHA-256 (hex), `size` is in bytes."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class HandedItem:
    """One item: what its version said (as the digest in the chain covers it), what it serves, and its files."""

    code: str
    title: str
    kind: str
    number: int
    said: dict[str, Any]
    given_at: datetime
    controls: tuple[str, ...]
    files: tuple[HandedFile, ...]


def items_at(at: datetime, controls: Collection[str] = ()) -> list[HandedItem]:
    """Return what held at an instant, by code, in four queries; with `controls` only what served one of them then."""
    serves = _serves(at)
    versions = [row for row in _versions(at) if not controls or set(controls) & set(serves[row.evidence_id])]
    files, told = _files(versions), _told(at)
    return [
        HandedItem(
            code=row.evidence.code,
            title=told.get(row.evidence_id, (row.evidence.title, ""))[0],
            kind=told.get(row.evidence_id, ("", row.evidence.kind))[1],
            number=row.number,
            said=said_of(row),
            given_at=row.given_at,
            controls=tuple(serves[row.evidence_id]),
            files=tuple(files[row.pk]),
        )
        for row in versions
    ]


def _versions(at: datetime) -> Iterator[EvidenceVersion]:
    holds = Q(evidence__withdrawn_at__isnull=True) | Q(evidence__withdrawn_at__gt=at)
    rows = EvidenceVersion.objects.latest(at).filter(holds).select_related("evidence").order_by("evidence__code")
    yield from rows.iterator(chunk_size=1_000)


def _files(versions: Collection[EvidenceVersion]) -> dict[int, list[HandedFile]]:
    wanted = {row.pk for row in versions}
    files: dict[int, list[HandedFile]] = defaultdict(list)
    rows = File.objects.order_by("pk").values_list("evidence_version", "name", "sha256", "size", "media_type")
    for version, *fields in rows.iterator(chunk_size=1_000):
        if version in wanted:
            files[version].append(HandedFile(*fields))
    return files


def _serves(at: datetime) -> dict[int, list[str]]:
    serves: dict[int, list[str]] = defaultdict(list)
    rows = EvidenceLink.objects.live(at).order_by("requirement__position", "requirement__code")
    for evidence, code in rows.values_list("evidence", "requirement__code"):
        if code not in serves[evidence]:
            serves[evidence].append(code)
    return serves


def _told(at: datetime) -> dict[int, tuple[str, str]]:
    """Titles and kinds as they were said then, the newest last."""
    rows = Evidence.history.filter(history_date__lte=at).order_by("history_date", "history_id")
    return {pk: (title, kind) for pk, title, kind in rows.values_list("id", "title", "kind")}
