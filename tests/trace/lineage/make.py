"""A small organisation whose lineage can be said by heart, and a provider for findings as a later room brings it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from accounts.context import current_aims_id
from aims.models import Aims
from assessments.actions import treat
from assessments.models import Assessment, Risk
from controls.models import Requirement
from evidence.actions import Content, give_evidence
from evidence.models import Evidence
from ledger.actions import seal
from ledger.models import Leaf
from systems.models import AiSystem
from tests.aims.make import an_obligation
from tests.assessments.make import a_decided_assessment, a_risk, an_approver
from tests.evidence.make import a_version, requirements
from tests.soa.make import a_statement, included
from tests.systems.make import a_reliance, a_system
from trace.lineage.query import lineage_of
from trace.lineage.records import seek
from trace.lineage.shapes import Asked, Edge, Lens, Lineage, Node, Provider

CODE = "A.6.2.4"
ENTRY = f"entry:{CODE}"


@dataclass(frozen=True, slots=True)
class World:
    """What was made, with the people who made it."""

    aims: Aims
    officer: Actor
    approver: Actor
    ranker: AiSystem
    extractor: AiSystem
    assessment: Assessment
    risk: Risk
    report: Evidence
    policy: Evidence
    obligation: str

    def asked(self, subject: str, **how: object) -> Lineage:
        """The lineage of something."""
        seal(self.aims.pk)
        return lineage_of(subject, self.aims, **how)  # type: ignore[arg-type]


def a_world(aims: Aims, officer: Actor) -> World:
    """Two systems in scope, one of them assessed; a control included for a risk and a law, proved by two items.

    The report covers the ranker and has two versions; the ranker relies on the control, which treats the risk.
    """
    approver = an_approver(aims, officer)
    ranker = a_system(officer, name="Ranker", in_scope=True, model_version="2.7", model_name="Rank")
    extractor = a_system(officer, name="Extractor", in_scope=True)
    a_system(officer, name="Playground", in_scope=False)
    assessment = a_decided_assessment(officer, approver, ranker)
    risk = a_risk(officer, system=ranker)
    treat(risk, Requirement.objects.get(code=CODE), actor=officer)
    obligation = an_obligation(officer, "Test what you release").ref
    a_statement(officer)
    reasons = [{"code": "RT", "ref": risk.ref}, {"code": "LG", "ref": obligation}]
    included(officer, CODE, reasons=reasons)
    a_reliance(officer, ranker, CODE)
    report = an_item(officer, "Fairness test", CODE, system=ranker)
    a_version(report, actor=officer)
    policy = an_item(officer, "Test policy", CODE, "9.1")
    return World(aims, officer, approver, ranker, extractor, assessment, risk, report, policy, obligation)


def an_item(actor: Actor, title: str, *serves: str, system: AiSystem | None = None, **dates: Any) -> Evidence:
    """A note that proves these clauses and controls, for a system where one is named."""
    content = Content(note="Held on 3 June, minuted.", **dates)
    return give_evidence(content, actor=actor, title=title, requirements=requirements(*serves), system=system)


def record(subject: str, event: str) -> str:
    """The reference of the newest record of an act on a subject, sealed if need be."""
    seal(current_aims_id())
    found = Leaf.objects.filter(record__subject=subject, record__event=event).order_by("-number")
    return f"record:{found[0].number}"


def role(actor: Actor, place: int = 0) -> set[str]:
    """A membership of somebody and the record that granted it."""
    membership = f"membership:{actor.authorities[place].membership_id}"
    return {membership, record(membership, "membership.granted")}


def things(refs: tuple[str, ...]) -> set[str]:
    """References without those of records and memberships."""
    return {ref for ref in refs if not ref.startswith(("record:", "membership:"))}


def proofs(refs: tuple[str, ...]) -> set[str]:
    """References of records and memberships only."""
    return set(refs) - things(refs)


def a_finding_provider(control: str, *codes: str) -> Provider:
    """Findings on a control, told as the audit room will tell them."""

    def describe(asked: Asked, _lens: Lens) -> Iterator[Node]:
        for code in sorted(set(codes) & set(asked.of("finding"))):
            ref = f"finding:{code}"
            yield Node(ref, "finding", code, "No report for the version in use", sought=(seek(ref, or_any=False),))

    def back(asked: Asked) -> Iterator[Edge]:
        found = sorted(set(codes) & set(asked.of("finding")))
        yield from (Edge(f"finding:{code}", control, "raised_on") for code in found)

    def forward(asked: Asked) -> Iterator[Edge]:
        kind, _colon, code = control.partition(":")
        if code in asked.of(kind):
            yield from (Edge(f"finding:{found}", control, "raised_on") for found in codes)

    return Provider(frozenset({"finding"}), describe, back, forward)
