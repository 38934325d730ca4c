"""Evidence in the lineage: each version, what it proves, the system version it covers, and whether it is fresh."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from evidence.digest import digest_of
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File
from evidence.panel import period
from evidence.state import EvidenceState, state_of
from trace.lineage.assessing import in_force, in_force_among
from trace.lineage.once import once
from trace.lineage.records import seek
from trace.lineage.refs import control, controls_in, day, numbers, parts, with_rows
from trace.lineage.shapes import OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach

GIVEN = ("evidence.given", "evidence.renewed")


@dataclass(frozen=True, slots=True)
class _Link:
    """A live link with the newest version of its item."""

    evidence: str
    number: int
    control: str
    system: str
    covers: str
    in_use: str

    @property
    def ref(self) -> str:
        """The newest version."""
        return f"evidence:{self.evidence}@{self.number}"


def resolve(_kind: str, code: str) -> str:
    """A code without its version means the newest one; an item that is still awaited has none."""
    if "@" in code:
        return f"evidence:{code}"
    items = Evidence.objects.with_latest_version().filter(code=code)  # type: ignore[attr-defined]
    number = items.values_list("latest_number", flat=True).first()  # type: ignore[misc]
    return f"evidence:{code}@{number}" if number else f"evidence:{code}"


def _links(these: Q) -> list[_Link]:
    rows = with_rows(EvidenceLink.objects.live().filter(these))
    rows = rows.annotate(number=Subquery(_newest().values("number")[:1]))
    told = rows.filter(number__isnull=False).order_by("evidence__code", "pk")
    names = ("evidence__code", "number", "requirement__code", "is_row")
    return [
        _Link(code, number, control(requirement, is_row), system or "", covers, in_use or "")
        for code, number, requirement, is_row, system, covers, in_use in told.values_list(
            *names, "system__code", "system_version", "system__model_version"
        )
    ]


@once
def _covered(items: frozenset[str]) -> dict[str, list[_Link]]:
    """Links of items that name the system they cover, by item."""
    found: dict[str, list[_Link]] = {}
    for link in _links(Q(evidence__code__in=items, system__isnull=False)):
        found.setdefault(link.evidence, []).append(link)
    return found


def _versions(codes: Iterable[str]) -> list[EvidenceVersion]:
    wanted = set(codes)
    items, given = parts(wanted)
    rows = EvidenceVersion.objects.filter(evidence__code__in=items, number__in=numbers(given))
    rows = rows.annotate(newest=Subquery(_newest().values("number")[:1])).select_related("evidence__owner", "given_by")
    return [row for row in rows.order_by("evidence__code", "number") if f"{row.evidence.code}@{row.number}" in wanted]


def _newest() -> QuerySet[EvidenceVersion]:
    return EvidenceVersion.objects.filter(evidence=OuterRef("evidence")).order_by("-number")


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """Four queries: versions, their files, the systems they cover, and items that are still to be given."""
    codes = asked.of("evidence")
    if not codes:
        return
    rows = _versions(code for code in codes if "@" in code)
    files: dict[int, list[File]] = {}
    for file in File.objects.filter(evidence_version__in=rows).order_by("pk"):
        files.setdefault(file.evidence_version_id, []).append(file)
    covered = _covered(frozenset(row.evidence.code for row in rows))
    for row in rows:
        yield _node(row, files.get(row.pk, []), covered.get(row.evidence.code, []), lens.today)
    yield from _awaited([code for code in codes if "@" not in code])


def _awaited(codes: list[str]) -> Iterator[Node]:
    for row in Evidence.objects.filter(code__in=codes, versions__isnull=True) if codes else ():
        yield Node(row.ref, "evidence", row.code, row.title, _("still to be given"), PENDING, sought=(seek(row.ref),))


def _node(row: EvidenceVersion, files: list[File], covered: list[_Link], today: date) -> Node:
    item, is_newest = row.evidence, row.number == row.newest  # type: ignore[attr-defined]
    is_live = is_newest and item.withdrawn_at is None
    code = f"{item.code}@{row.number}"
    return Node(
        ref=f"evidence:{code}",
        kind="evidence",
        code=code,
        title=item.title,
        note=_note(row, is_newest=is_newest),
        state=OK if is_live else PAST,
        artefact=digest_of(item, row, files),
        gaps=tuple(_gaps(row, covered, today)) if is_live else (),
        facts=_facts(row, files),
        sought=(seek(item.ref, *GIVEN, turn=row.number, freezes=True),),
    )


def _note(row: EvidenceVersion, *, is_newest: bool) -> str:
    if row.evidence.withdrawn_at is not None:
        return _("withdrawn")
    if not is_newest:
        return _("replaced")
    return _("renew by %(day)s") % {"day": day(row.renew_by)} if row.renew_by else _("no date to renew by")


def _gaps(row: EvidenceVersion, covered: Iterable[_Link], today: date) -> Iterator[str]:
    code = row.evidence.code
    if state_of(row.renew_by, today) == EvidenceState.OVERDUE:
        yield _("%(code)s was to be renewed by %(day)s.") % {"code": code, "day": day(row.renew_by)}
    stale = {(link.system, link.in_use, link.covers) for link in covered if link.covers and link.in_use}
    for system, in_use, covers in sorted(stale):
        if covers != in_use:
            about = {"code": code, "system": system, "then": covers, "now": in_use}
            yield _("%(code)s covers %(system)s at %(then)s, which runs %(now)s by now.") % about


def _facts(row: EvidenceVersion, files: Iterable[File]) -> tuple[tuple[str, str], ...]:
    told = (
        (_("Kind"), str(row.evidence.get_kind_display())),
        (_("Covers"), period(row.covers_from, row.covers_to)),
        (_("Made on"), day(row.made_on)),
        (_("Renew by"), day(row.renew_by)),
        (_("What changed"), row.change_note),
        (_("Files"), ", ".join(file.name for file in files)),
        (_("Link"), row.link),
        (_("Owner"), row.evidence.owner.display_name if row.evidence.owner else ""),
    )
    return tuple((label, text) for label, text in told if text)


def back(asked: Asked) -> Iterator[Edge]:
    """Four queries: what proves controls, what versions cover, the assessments of those systems, the version before."""
    if codes := controls_in(asked.codes):
        for link in _links(Q(requirement__code__in=codes)):
            yield Edge(link.control, link.ref, "proved_by")
    items = asked.of("evidence")
    if not items:
        return
    covered = _covered(frozenset(parts(items)[0]))
    judging = {one.system: one.ref for one in in_force({link.system for links in covered.values() for link in links})}
    for code in items:
        for link in covered.get(code.partition("@")[0], ()):
            yield Edge(f"evidence:{code}", f"system:{link.system}", "covers", note=link.covers)
            if link.system in judging:
                yield Edge(f"evidence:{code}", judging[link.system], "assessed_by")
    if asked.is_subject:
        yield from _followed(_versions(items))


def _followed(rows: Iterable[EvidenceVersion]) -> Iterator[Edge]:
    for row in rows:
        if row.number > 1:
            code = f"evidence:{row.evidence.code}"
            yield Edge(f"{code}@{row.number}", f"{code}@{row.number - 1}", "follows", Reach.BESIDE)


def forward(asked: Asked) -> Iterator[Edge]:
    """Five queries: what a newest version proves, what covers a system or rests on its assessment, what follows."""
    if codes := asked.of("evidence"):
        wanted = {f"evidence:{code}" for code in codes}
        for link in _links(Q(evidence__code__in=parts(codes)[0])):
            if link.ref in wanted:
                yield Edge(link.control, link.ref, "proved_by")
        if asked.is_subject:
            yield from _followed(_versions(_next(code) for code in codes if "@" in code))
    if systems := asked.of("system"):
        for link in _links(Q(system__code__in=systems)):
            yield Edge(link.ref, f"system:{link.system}", "covers", note=link.covers)
    judging = {one.system: one.ref for one in in_force_among(asked.of("assessment"))}
    for link in _links(Q(system__code__in=judging)) if judging else ():
        yield Edge(link.ref, judging[link.system], "assessed_by")


def _next(code: str) -> str:
    item, _at, number = code.partition("@")
    return f"{item}@{int(number) + 1}" if numbers([number]) else code


PROOF = Provider(frozenset({"evidence"}), describe, back, forward, resolve)
