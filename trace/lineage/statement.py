"""Rows of the statement in the lineage: why each applies, to which systems, and which versions froze it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from evidence.queries import EvidenceSummary, evidence_by_requirement
from soa.models import Applicability, Effectiveness, Entry, Implementation, Performer
from soa.rollup import Rolled, roll_up
from systems.queries import SystemFacts
from trace.lineage.assessing import in_force, in_force_among
from trace.lineage.drift import Drift, drift_of, next_number
from trace.lineage.entries import Rows, in_scope, rows_of, with_apart
from trace.lineage.records import seek
from trace.lineage.shapes import OK, PENDING, Asked, Edge, Lens, Node, Provider, Reach

REASONED = ("risk", "assessment", "obligation")
DRAFT = "statement:SOA"


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows with what differs per system and the systems in scope."""

    read: Rows
    systems: Sequence[SystemFacts]

    def covered(self, row: Entry) -> Iterable[SystemFacts]:
        """The systems that an included row is there for: all in scope, without those it is excluded for."""
        if row.applicability != Applicability.INCLUDED:
            return ()
        apart = self.read.apart.get(row.pk, ())
        out = {one.system_id for one in apart if one.applicability == Applicability.EXCLUDED}
        return (system for system in self.systems if system.pk not in out)

    def rolled(self, row: Entry) -> Rolled:
        """The row over all systems."""
        return roll_up(row, self.read.apart.get(row.pk, ()), [system.pk for system in self.systems])


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """Seven queries: the rows with systems and evidence, and for the subject what changed since the last version."""
    codes = asked.of("entry")
    if codes:
        rows = _Rows(rows_of(frozenset(codes)), in_scope())
        proof = evidence_by_requirement(lens.today)
        kind, _colon, subject = lens.subject.partition(":")
        drift = drift_of([subject]) if kind == "entry" else None
        for row in rows.read.rows:
            is_subject = drift is not None and row.requirement.code == subject
            yield _node(row, rows.rolled(row), proof.get(row.requirement_id), drift if is_subject else None)
    if asked.of("statement"):
        number = next_number()
        yield Node(DRAFT, "statement", _("Draft %(n)s") % {"n": number}, _("Living draft"), _("not approved"), PENDING)


def _node(row: Entry, rolled: Rolled, proof: EvidenceSummary | None, drift: Drift | None) -> Node:
    applies = str(Applicability(rolled.applicability).label)
    degree = str(Implementation(rolled.implementation).label).lower()
    is_included = rolled.applicability == Applicability.INCLUDED
    return Node(
        ref=row.ref,
        kind="entry",
        code=row.ref_code,
        title=row.requirement.title,
        note=f"{applies}, {degree}" if is_included else applies,
        state=PENDING if rolled.applicability == Applicability.UNDECIDED else OK,
        gaps=tuple(_gaps(row, proof, drift, is_included=is_included)),
        facts=_facts(row),
        sought=(seek(row.ref, "soa.decided"), seek(row.ref, "soa.amended", "soa.undone", or_any=False)),
    )


def _gaps(row: Entry, proof: EvidenceSummary | None, drift: Drift | None, *, is_included: bool) -> Iterator[str]:
    code = {"code": row.ref_code}
    if is_included and row.expects_evidence and not (proof and proof.refs):
        if proof and proof.awaited:
            about = code | {"awaited": ", ".join(proof.awaited)}
            yield _("%(code)s is included and nothing proves it yet: %(awaited)s is still to be given.") % about
        else:
            yield _("%(code)s is included and no evidence is linked to it.") % code
    if drift is not None and not drift.is_approved:
        yield _("No approved version holds %(code)s.") % code


def _facts(row: Entry) -> tuple[tuple[str, str], ...]:
    performer = str(Performer(row.performed_by).label) if row.performed_by != Performer.PROVIDER else row.provider
    told = (
        (_("Asks"), row.requirement.summary),
        (_("Why"), row.why),
        (_("How"), row.how),
        (_("Document"), row.how_document),
        (_("Done by"), performer),
        (_("Effect"), str(Effectiveness(row.effectiveness).label)),
        (_("Owner"), row.owner.display_name if row.owner else ""),
    )
    return tuple((label, text) for label, text in told if text)


def back(asked: Asked) -> Iterator[Edge]:
    """Four queries: the rows with what their reasons name, the systems they are there for and their assessments."""
    codes = asked.of("entry")
    if not codes:
        return
    rows = _Rows(rows_of(frozenset(codes)), in_scope())
    judging = {one.system: one.ref for one in in_force([system.code for system in rows.systems])}
    for row in rows.read.rows:
        yield from (Edge(row.ref, ref, "because_of") for ref in _named(row))
        for system in rows.covered(row):
            yield Edge(row.ref, system.ref, "covers")
            if system.code in judging:
                yield Edge(row.ref, judging[system.code], "assessed_by")


def _named(row: Entry) -> Iterable[str]:
    return dict.fromkeys(reason["ref"] for reason in row.reasons if reason["ref"])


def forward(asked: Asked) -> Iterable[Edge]:
    """Five queries: the rows, which are few, by what their reasons name and by the systems they are there for."""
    refs = {f"{kind}:{code}" for kind in REASONED for code in asked.of(kind)}
    codes = set(asked.of("system"))
    judging = {one.system: one.ref for one in in_force_among(asked.of("assessment"))}
    if refs or codes:
        rows = _Rows(with_apart(Entry.objects.select_related("requirement")), in_scope())
        yield from chain.from_iterable(_leaning(row, rows, refs, codes, judging) for row in rows.read.rows)
    if asked.is_subject and (entries := asked.of("entry")):
        yield from (Edge(DRAFT, f"entry:{code}", "covers", Reach.BESIDE) for code in drift_of(entries).changed)


def _leaning(row: Entry, rows: _Rows, refs: set[str], codes: set[str], judging: dict[str, str]) -> Iterator[Edge]:
    yield from (Edge(row.ref, ref, "because_of") for ref in _named(row) if ref in refs)
    for system in rows.covered(row):
        if system.code in codes:
            yield Edge(row.ref, system.ref, "covers")
        if system.code in judging:
            yield Edge(row.ref, judging[system.code], "assessed_by")


STATEMENT = Provider(frozenset({"entry", "statement"}), describe, back, forward)
