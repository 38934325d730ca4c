"""The statement's rows with everything that stands beside them, in a fixed number of queries."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Subquery

from accounts import clock
from aims.models import Aims, ScopeStatement
from controls.models import Requirement
from evidence.queries import EvidenceSummary, evidence_by_requirement
from evidence.state import EvidenceState
from soa.decision import decision_of
from soa.diff import differs
from soa.models import Entry, EntrySystem, Statement, StatementVersion, VersionState
from soa.ports import OpenFinding, open_findings
from soa.queries.drivers import Driver, drivers_by_requirement
from soa.rollup import Rolled, roll_up
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
    decision: dict[str, Any]

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
    """The whole draft as read at one moment: rows, versions, systems in scope and the newest scope."""

    aims: Aims
    today: date
    statement: Statement | None
    rows: tuple[Row, ...]
    systems: tuple[SystemFacts, ...]
    versions: tuple[StatementVersion, ...]
    scope_on: date | None
    flags: tuple[Any, ...] = field(default=())

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


def read_sheet(aims: Aims) -> Sheet:
    """Read the draft in nine queries, whatever its size."""
    today = clock.today(aims.time_zone)
    entries = list(_entries())
    systems = tuple(systems_in_scope())
    return Sheet(
        aims=aims,
        today=today,
        statement=entries[0].statement if entries else None,
        rows=tuple(_rows(entries, systems, today)) if entries else (),
        systems=systems,
        versions=tuple(_versions()),
        scope_on=entries[0].scope_on if entries else None,
    )


def _entries() -> Any:
    newest = ScopeStatement.objects.order_by("-number").values("effective_on")
    rows = Entry.objects.with_names().select_related("statement").in_order()
    return rows.defer(*UNREAD).annotate(scope_on=Subquery(newest[:1]))


def _versions() -> list[StatementVersion]:
    standing = [VersionState.APPROVED, VersionState.SUBMITTED]
    return list(StatementVersion.objects.filter(state__in=standing))


def _rows(entries: list[Entry], systems: tuple[SystemFacts, ...], today: date) -> list[Row]:
    apart: dict[int, list[EntrySystem]] = defaultdict(list)
    for item in EntrySystem.objects.select_related("system").only(*APART):
        apart[item.entry_id].append(item)
    drivers, proof, findings = drivers_by_requirement(), evidence_by_requirement(today), open_findings()
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
            decision=decision_of(entry, apart[entry.pk]),
        )
        for entry in entries
    ]
