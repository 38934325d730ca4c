"""Questions about proof that other rooms ask; each is one query, and the past can be asked where `at` stands."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable

from aims.history import rows_at, then
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File, newest_version
from evidence.state import EvidenceState, due_from, state_of, worst


@dataclass(frozen=True, slots=True)
class Ref:
    """One item that serves a requirement: enough to name it, judge it and link to it."""

    code: str
    title: str
    kind: str
    number: int
    renew_by: date | None
    state: EvidenceState

    @property
    def ref(self) -> str:
        """The typed reference of the version, such as `evidence:EV-023@3`."""
        return f"evidence:{self.code}@{self.number}"


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What proves one requirement: the worst state, how many items, the next renewal, and what is still awaited."""

    state: EvidenceState
    count: int
    next_renewal: date | None
    refs: tuple[Ref, ...]
    awaited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileLine:
    """A stored file as a list prints it."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class IndexLine:
    """An item of the evidence index of a report."""

    code: str
    title: str
    kind: str
    number: int
    made_on: date | None
    renew_by: date | None
    covers_from: date | None
    covers_to: date | None
    state: EvidenceState
    controls: tuple[str, ...]
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How many items hold, by state; `awaited` were named and are still to be given."""

    total: int
    current: int
    due: int
    overdue: int
    awaited: int
    withdrawn: int


def items(at: datetime | None = None) -> Any:
    """Return every item with its newest version (as `with_latest_version` names it), now or as it stood."""
    return rows_at(Evidence, at).annotate(**newest_version(at))


def evidence_by_requirement(today: date, at: datetime | None = None) -> dict[int, EvidenceSummary]:
    """Return what proves each requirement, by its id; one query, whatever the number of links.

    Requirements without any live link are not in the answer; one whose items are all awaited has no evidence.
    """
    given = Q() if at is None else Q(given_at__lte=at)
    newest = EvidenceVersion.objects.filter(given, evidence=OuterRef("evidence")).order_by("-number")
    links = EvidenceLink.objects.live(at).order_by("requirement", "evidence__code")
    rows = links.annotate(title=_of_item("title", at), kind=_of_item("kind", at)).values_list(
        "requirement_id",
        "evidence__code",
        "title",
        "kind",
        Subquery(newest.values("number")[:1]),
        Subquery(newest.values("renew_by")[:1]),
    )
    found: dict[int, dict[str, Ref]] = defaultdict(dict)
    awaited: dict[int, dict[str, str]] = defaultdict(dict)
    for requirement, code, title, kind, number, renew_by in rows:
        if number is None:
            awaited[requirement][code] = title
        else:
            found[requirement][code] = Ref(code, title, kind, number, renew_by, state_of(renew_by, today))
    return {
        requirement: _summary(tuple(found[requirement].values()), tuple(awaited[requirement].values()))
        for requirement in found.keys() | awaited.keys()
    }


def _of_item(field: str, at: datetime | None) -> Combinable:
    return F(f"evidence__{field}") if at is None else then(Evidence, field, "evidence_id", at)


def _summary(refs: tuple[Ref, ...], awaited: tuple[str, ...]) -> EvidenceSummary:
    renewals = [ref.renew_by for ref in refs if ref.renew_by]
    return EvidenceSummary(worst(ref.state for ref in refs), len(refs), min(renewals, default=None), refs, awaited)


def evidence_index(today: date, at: datetime | None = None) -> list[IndexLine]:
    """Return every item that holds with its newest version, what it serves and its files: three queries.

    With `at` the answer is as of that instant: versions given, links made and titles borne by then.
    """
    versions = list(_versions(at))
    files, controls = _files_of([row["pk"] for row in versions]), _controls_of(at)
    return [
        IndexLine(
            code=row["evidence__code"],
            title=row["title"],
            kind=row["kind"],
            number=row["number"],
            made_on=row["made_on"],
            renew_by=row["renew_by"],
            covers_from=row["covers_from"],
            covers_to=row["covers_to"],
            state=state_of(row["renew_by"], today),
            controls=tuple(controls.get(row["evidence"], ())),
            files=tuple(files.get(row["pk"], ())),
        )
        for row in versions
    ]


def _versions(at: datetime | None) -> Any:
    holds = Q(evidence__withdrawn_at__isnull=True)
    rows = EvidenceVersion.objects.latest(at).filter(holds if at is None else holds | Q(evidence__withdrawn_at__gt=at))
    rows = rows.annotate(title=_of_item("title", at), kind=_of_item("kind", at))
    fields = ("made_on", "renew_by", "covers_from", "covers_to")
    return rows.order_by("evidence__code").values(
        "pk", "evidence", "number", *fields, "evidence__code", "title", "kind"
    )


def _files_of(versions: list[int]) -> dict[int, list[FileLine]]:
    files: dict[int, list[FileLine]] = defaultdict(list)
    rows = File.objects.filter(evidence_version__in=versions).order_by("pk")
    for version, name, sha256, size in rows.values_list("evidence_version", "name", "sha256", "size"):
        files[version].append(FileLine(name, sha256, size))
    return files


def _controls_of(at: datetime | None) -> dict[int, list[str]]:
    controls: dict[int, list[str]] = defaultdict(list)
    rows = EvidenceLink.objects.live(at).order_by("requirement__position", "requirement__code")
    for evidence, code in rows.values_list("evidence", "requirement__code"):
        if code not in controls[evidence]:
            controls[evidence].append(code)
    return controls


def freshness(today: date, at: datetime | None = None) -> Freshness:
    """Count the library by state, now or at an instant, in one query."""
    live = Q(withdrawn_at__isnull=True)
    given = live & Q(latest_number__isnull=False)
    due = Q(renew_by__gte=today, renew_by__lte=due_from(today))
    overdue = Q(renew_by__lt=today)
    counts = (
        items(at)
        .order_by()
        .aggregate(
            total=Count("id", filter=live),
            given=Count("id", filter=given),
            due=Count("id", filter=given & due),
            overdue=Count("id", filter=given & overdue),
            withdrawn=Count("id", filter=~live),
        )
    )
    return Freshness(
        total=counts["total"],
        current=counts["given"] - counts["due"] - counts["overdue"],
        due=counts["due"],
        overdue=counts["overdue"],
        awaited=counts["total"] - counts["given"],
        withdrawn=counts["withdrawn"],
    )


def renewals(until: date, most: int) -> list[tuple[str, str, int | None, date]]:
    """Return the first so many items that are to be renewed by a date: code, title, owner's id, date; one query."""
    rows = Evidence.objects.live().with_latest_version().filter(renew_by__lte=until)  # type: ignore[misc]
    return list(rows.order_by("renew_by", "code").values_list("code", "title", F("owner_id"), "renew_by")[:most])  # type: ignore[misc]
