"""Versions of the statement in the lineage: what each froze, by its own body, so that later changes do not reach it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soa.models import Applicability, Implementation, StatementVersion, VersionState
from soa.queries.rows import body_of
from trace.lineage.records import seek
from trace.lineage.refs import day, numbers
from trace.lineage.shapes import OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach

Note = Callable[[Any], str]
STATES = {VersionState.SUBMITTED: PENDING, VersionState.APPROVED: OK}
FROZEN = ("entry", "system", "assessment", "risk", "obligation", "evidence", "scope", "criteria")


def _asked_for(codes: Iterable[str]) -> list[StatementVersion]:
    """Of rows that bear one number, the one that was not returned, or else the newest."""
    wanted = numbers(code.removeprefix("SOA-") for code in codes if code.startswith("SOA-"))
    if not wanted:
        return []
    rows = StatementVersion.objects.filter(number__in=wanted).select_related("submitted_by", "decided_by")
    ordered = sorted(rows, key=lambda row: (row.state != VersionState.RETURNED, row.pk))
    return list({row.number: row for row in ordered}.values())


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """One query."""
    return (_node(row, lens.slug) for row in _asked_for(asked.of("version")))


def _node(row: StatementVersion, slug: str) -> Node:
    is_decided = row.state != VersionState.SUBMITTED
    told = (
        (_("What changed"), row.summary),
        (_("Submitted"), f"{row.submitted_by or ''}, {day(row.submitted_at)}"),
        (_("Decided"), f"{row.decided_by or ''}, {day(row.decided_at)}" if is_decided else ""),
        (_("Note"), row.decision_note),
        (_("Warnings confirmed"), str(len(row.warnings)) if row.state != VersionState.RETURNED else ""),
    )
    decision = "version.returned" if row.state == VersionState.RETURNED else "version.approved"
    decided = (seek(row.ref, decision, or_any=False, freezes=decision == "version.approved"),) if is_decided else ()
    when = day(row.decided_at) if is_decided else day(row.submitted_at)
    return Node(
        ref=row.ref,
        kind="version",
        code=row.ref_code,
        title=row.summary.rstrip("."),
        note=f"{str(row.get_state_display()).lower()} {when}",
        state=STATES.get(VersionState(row.state), PAST),
        address=reverse("soa:version", args=[slug, row.pk]),
        artefact=row.digest,
        is_intact=sha256(bytes(row.body)).hexdigest() == row.digest,
        facts=tuple((label, text) for label, text in told if text),
        sought=(*decided, seek(row.ref, "version.submitted", or_any=False, freezes=True)),
    )


def back(asked: Asked) -> Iterator[Edge]:
    """Two queries: what versions froze, and the one that the subject followed."""
    rows = _asked_for(asked.of("version"))
    for row in rows:
        yield from _frozen_by(row)
    if asked.is_subject and rows:
        stood = StatementVersion.objects.exclude(state=VersionState.RETURNED).defer("body")
        before = stood.filter(number__lt=min(row.number for row in rows)).order_by("-number").first()
        if before:
            yield Edge(rows[0].ref, before.ref, "supersedes", Reach.BESIDE)


def forward(asked: Asked) -> Iterator[Edge]:
    """Two queries: the versions that froze the subject, read one by one as they are few, and the one that followed."""
    if not asked.is_subject:
        return
    refs = {f"{kind}:{code}" for kind in FROZEN for code in asked.of(kind)}
    if refs:
        for row in StatementVersion.objects.exclude(state=VersionState.RETURNED).iterator(chunk_size=10):
            yield from _frozen_by(row, refs)
    for number in numbers(code.removeprefix("SOA-") for code in asked.of("version")):
        later = StatementVersion.objects.filter(number__gt=number).exclude(state=VersionState.RETURNED).defer("body")
        if after := later.order_by("number").first():
            yield Edge(after.ref, f"version:SOA-{number}", "supersedes", Reach.BESIDE)


def _frozen_by(row: StatementVersion, wanted: Collection[str] | None = None) -> Iterator[Edge]:
    """Lead to everything that a version froze, or to what is wanted of it."""
    for ref, relation, note, about in _named_in(body_of(row)):
        if wanted is None or ref in wanted:
            yield Edge(row.ref, ref, relation, Reach.FROZEN, note(about), row.submitted_at)


def _named_in(body: dict[str, Any]) -> Iterator[tuple[str, str, Note, Any]]:
    """What a frozen statement names: reference, relation, and what tells how it stood then, and of which row."""
    yield from ((f"entry:{row['code']}", "covers", _row_then, row) for row in body["entries"])
    yield from ((f"system:{row['code']}", "names", str, row["model_version"]) for row in body["systems"])
    yield from ((row["ref"], "names", str, row["decision_label"]) for row in body["assessments"])
    yield from ((f"risk:{row['code']}", "names", str, "") for row in body["risks"])
    yield from ((f"obligation:{row['code']}", "names", str, "") for row in body["obligations"])
    yield from ((f"evidence:{row['code']}@{row['number']}", "names", _number_then, row) for row in body["evidence"])
    if body["scope"]:
        yield f"scope:{body['scope']['number']}", "within", str, ""
    yield f"criteria:{body['criteria']['number']}", "judged_by", str, ""


def _number_then(row: dict[str, Any]) -> str:
    return _("version %(n)s") % {"n": row["number"]}


def _row_then(row: dict[str, Any]) -> str:
    applies = str(Applicability(row["applicability_rolled"]).label)
    if row["applicability_rolled"] != Applicability.INCLUDED:
        return applies
    return f"{applies}, {str(Implementation(row['implementation_rolled']).label).lower()}"


VERSIONS = Provider(frozenset({"version"}), describe, back, forward)
