"""The statement's rows with everything that stands beside them, in a fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from accounts import clock
from aims.days import day_of
from aims.history import rows_at
from aims.models import Aims, ScopeStatement
from changes.queries import OpenChange, open_changes, open_changes_about
from controls.models import Requirement
from evidence.queries import EvidenceSummary, evidence_by_requirement
from evidence.state import EvidenceState
from soa.decision import decision_of
from soa.diff import differs
from soa.models import Entry, EntrySystem, Statement, StatementVersion, VersionState
from soa.ports import OpenFinding, open_findings
from soa.queries.drivers import Driver, drivers_by_requirement
from soa.queries.proposals import Proposed, proposals_by_code
from soa.queries.versions import standing_versions
from soa.rollup import Rolled, roll_up
from systems.applying.queries import NOTHING, InPlay, in_play, rules_of_systems
from systems.queries import SystemFacts, systems_in_scope

# Long columns that the table does not print; the panel reads its own requirement.
UNREAD = (
    *(f"requirement__{name}" for name in ("guidance", "auditor_looks_for")),
    *(f"requirement__area__{name}" for name in ("summary", "guidance", "auditor_looks_for", "details", "changed_at")),
    *(f"owner__{name}" for name in ("password", "last_login", "language", "time_zone", "single_keys", "joined_at")),
)
APART = ("version", "entry", "applicability", "why", "implementation", "system__code")
NO_EVIDENCE = EvidenceSummary(EvidenceState.NONE, 0, None, (), ())


@dataclass(frozen=True, slots=True)
class Row:
    """One control of the statement with what is known of it."""

    entry: Entry
    requirement: Requirement
    per_system: tuple[EntrySystem, ...]
    rolled: Rolled
    drivers: tuple[Driver, ...]
    evidence: EvidenceSummary
    findings: tuple[OpenFinding, ...]
    changes: tuple[OpenChange, ...]
    decision: dict[str, Any]
    proposals: tuple[Proposed, ...] = ()

    @property
    def demanded_by(self) -> tuple[Proposed, ...]:
        """The facts of systems in scope that an exclusion of this control contradicts."""
        return tuple(proposal for proposal in self.proposals if proposal.demands)

    @property
    def code(self) -> str:
        """The control's id."""
        return self.requirement.code

    @property
    def evidence_state(self) -> EvidenceState:
        """Evidence that is not expected is told apart from evidence that is missing."""
        if not self.entry.expects_evidence and not self.evidence.count:
            return EvidenceState.UNEXPECTED
        return self.evidence.state


@dataclass
class Sheet:
    """The whole draft as read at one moment: rows, versions, systems in scope and the newest scope.

    `at` is the instant that is looked back on; `today` is its date then.
    """

    aims: Aims
    today: date
    statement: Statement | None
    rows: tuple[Row, ...]
    systems: tuple[SystemFacts, ...]
    versions: tuple[StatementVersion, ...]
    scope_on: date | None
    flags: tuple[Any, ...] = field(default=())
    at: datetime | None = None
    in_play: InPlay = NOTHING

    @cached_property
    def in_force(self) -> StatementVersion | None:
        """The approved version."""
        return next((row for row in self.versions if row.state == VersionState.APPROVED), None)

    @cached_property
    def waiting(self) -> StatementVersion | None:
        """The version that waits for an approver."""
        return next((row for row in self.versions if row.state == VersionState.SUBMITTED), None)

    @cached_property
    def number(self) -> int:
        """The number the draft will bear."""
        numbers = [row.number for row in self.versions if row.state != VersionState.RETURNED]
        return max(numbers, default=0) + 1

    @cached_property
    def base(self) -> dict[str, dict[str, Any]]:
        """The rows of the version that the draft departs from (submitted or in force), by code."""
        version = self.waiting or self.in_force
        return {row["code"]: row for row in body_of(version)["entries"]} if version else {}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The codes of rows that say something else than that version; all of them before the first one."""
        if not self.base:
            return frozenset(row.code for row in self.rows if row.entry.version > 1)
        return frozenset(row.code for row in self.rows if differs(self.base.get(row.code), row.decision))


def body_of(version: StatementVersion) -> dict[str, Any]:
    """Read what a version froze."""
    body: dict[str, Any] = json.loads(bytes(version.body))
    return body


def read_sheet(aims: Aims, at: datetime | None = None) -> Sheet:
    """Read the draft, now or as it stood at an instant, in seven queries and one a provider of findings.

    One more while a change of a system is open.
    """
    today = day_of(at or clock.now(), aims.time_zone)
    entries = list(_entries(at))
    systems, found = tuple(systems_in_scope(at)), in_play(at)
    proposed = proposals_by_code(aims, found)
    return Sheet(
        aims=aims,
        today=today,
        statement=entries[0].statement if entries else None,
        rows=tuple(_rows(aims, entries, systems, proposed, today, at)) if entries else (),
        systems=systems,
        versions=tuple(standing_versions(at)),
        scope_on=entries[0].scope_on if entries else None,
        at=at,
        in_play=found,
    )


def _entries(at: datetime | None) -> Any:
    newest = rows_at(ScopeStatement, at).order_by("-number").values("effective_on")
    rows = rows_at(Entry, at).select_related("requirement__area", "owner", "statement")
    rows = rows.order_by("requirement__position", "requirement__code")
    return rows.defer(*UNREAD).annotate(scope_on=Subquery(newest[:1]), has_changes=Exists(open_changes(at)))


def _apart(at: datetime | None) -> dict[int, list[EntrySystem]]:
    met = rules_of_systems(at).filter(system_id=OuterRef("system_id"))
    rows: Any = rows_at(EntrySystem, at).select_related("system").order_by("id").annotate(met=Subquery(met[:1]))
    apart: dict[int, list[EntrySystem]] = defaultdict(list)
    for item in rows.only(*APART) if at is None else rows:
        apart[item.entry_id].append(item)
    return apart


def _rows(
    aims: Aims,
    entries: list[Entry],
    systems: tuple[SystemFacts, ...],
    proposed: Mapping[str, tuple[Proposed, ...]],
    today: date,
    at: datetime | None,
) -> list[Row]:
    apart, drivers, findings = _apart(at), drivers_by_requirement(at), open_findings(at)
    proof = evidence_by_requirement(today, at)
    changes = open_changes_about(Entry.ref_kind, aims.slug, at) if entries[0].has_changes else {}  # type: ignore[attr-defined]
    in_scope = [system.pk for system in systems]
    return [
        Row(
            entry=entry,
            requirement=entry.requirement,
            per_system=tuple(apart[entry.pk]),
            rolled=roll_up(entry, apart[entry.pk], in_scope),
            drivers=drivers.get(entry.requirement_id, ()),
            evidence=proof.get(entry.requirement_id, NO_EVIDENCE),
            findings=findings.get(entry.requirement_id, ()),
            changes=changes.get(entry.requirement.code, ()),
            decision=decision_of(entry, apart[entry.pk]),
            proposals=proposed.get(entry.requirement.code, ()),
        )
        for entry in entries
    ]
