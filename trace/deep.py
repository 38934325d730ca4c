"""What the rooms to the left froze, recomputed: statement versions, decided assessments, versions of evidence."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from django.db.models import Q

from assessments.events import DECIDED
from assessments.models import Assessment, AssessmentState
from evidence.digest import digest_of
from evidence.events import GIVEN, RENEWED
from evidence.models import EvidenceVersion
from soa.events import APPROVED, SUBMITTED, SUPERSEDED
from soa.models import StatementVersion, VersionState
from trace.frozen import Frozen, Kind, Said, faults_of

FEW = 20
MANY = 500
CHANGED = "what is frozen is not what its digest names."
NOT_SO = "which is not in the database, or not in that state."

SUBMITTING, APPROVING, SUPERSEDING = SUBMITTED.name, APPROVED.name, SUPERSEDED.name
PAST = {
    VersionState.APPROVED.value: (SUBMITTING, APPROVING),
    VersionState.SUPERSEDED.value: (SUBMITTING, APPROVING, SUPERSEDING),
}
GIVING = (GIVEN.name, RENEWED.name)


def versions() -> Iterator[str]:
    """Return what is wrong with frozen statements: body, digest, and the records of submitting and approving."""
    return faults_of(Kind((SUBMITTING, APPROVING, SUPERSEDING), _versions, _without_version, NOT_SO))


def _past(state: str) -> tuple[str, ...]:
    """What a version in this state went through; each of it has a record that names its digest."""
    return PAST.get(state, (SUBMITTING,))


def _versions() -> Iterator[Frozen]:
    rows = StatementVersion.objects.order_by("pk").only("number", "state", "body", "digest")
    for row in rows.iterator(chunk_size=FEW):
        is_true = sha256(bytes(row.body)).hexdigest() == row.digest
        events = tuple((event,) for event in _past(row.state))
        yield Frozen(row.ref, row.digest, events, fault="" if is_true else CHANGED)


def _without_version(records: Sequence[Said]) -> Iterable[Said]:
    """A number may have been submitted more than once, so the digest counts too."""
    numbers = {said.key.rpartition("-")[2] for said in records}
    rows = StatementVersion.objects.filter(number__in=[int(number) for number in numbers if number.isdecimal()])
    there = {
        (event, f"version:SOA-{number}", digest)
        for number, digest, state in rows.values_list("number", "digest", "state")
        for event in _past(state)
    }
    return (said for said in records if (said.event, said.key, said.digest) not in there)


def assessments() -> Iterator[str]:
    """Return what is wrong with decided assessments: frozen form, digest, and the record of the decision."""
    return faults_of(Kind((DECIDED.name,), _assessments, _without_assessment))


def _assessments() -> Iterator[Frozen]:
    decided = Q(state__in=[AssessmentState.DECIDED, AssessmentState.SUPERSEDED]) | ~Q(digest="")
    rows = Assessment.objects.filter(decided).order_by("pk").only("code", "edition", "frozen", "digest")
    for row in rows.iterator(chunk_size=FEW):
        is_true = sha256(bytes(row.frozen or b"")).hexdigest() == row.digest
        yield Frozen(row.ref, row.digest, ((DECIDED.name,),), fault="" if is_true else CHANGED)


def _without_assessment(records: Sequence[Said]) -> Iterable[Said]:
    codes = {said.key.removeprefix("assessment:").partition("@")[0] for said in records}
    there = {row.ref for row in Assessment.objects.filter(code__in=codes).only("code", "edition")}
    return (said for said in records if said.key not in there)


def evidence() -> Iterator[str]:
    """Return what is wrong with versions of evidence: what was said, the files, and the record of their giving."""
    return faults_of(Kind(GIVING, _evidence, _without_evidence))


def _evidence() -> Iterator[Frozen]:
    rows = EvidenceVersion.objects.order_by("pk").select_related("evidence").prefetch_related("files")
    for row in rows.iterator(chunk_size=MANY):
        files = list(row.files.all())
        key = f"{row.evidence.ref}@{row.number}"
        held = frozenset((file.sha256, file.size) for file in files)
        try:
            yield Frozen(key, digest_of(row.evidence, row, files), (GIVING,), held)
        except ValueError as error:
            yield Frozen(key, "", (GIVING,), held, f"it cannot be what was given: {error}")


def _without_evidence(records: Sequence[Said]) -> Iterable[Said]:
    codes = {said.key.removeprefix("evidence:").partition("@")[0] for said in records}
    rows = EvidenceVersion.objects.filter(evidence__code__in=codes)
    there = {f"evidence:{code}@{number}" for code, number in rows.values_list("evidence__code", "number")}
    return (said for said in records if said.key not in there)
