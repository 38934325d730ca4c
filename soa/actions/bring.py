"""Bring a spreadsheet in: read it into a plan that a person sees, then take the rows they accept."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.actions.invite_owner import invite_owner_by_name
from aims.models import Aims
from evidence.actions import expect_evidence
from ledger.actions import record
from soa.actions.amend import amend
from soa.actions.decide import NotDecidable, decide
from soa.actions.open import open_statement
from soa.actions.own import add_own_control
from soa.bringing import catalogue, entry_from, stored
from soa.events import IMPORTED
from soa.intake.plan import ImportedEntry, Plan
from soa.intake.raw import NotReadable
from soa.intake.read import read_statement
from soa.models import Applicability, Entry, Intake, Performer
from soa.permissions import may_steer
from soa.reasons import Given, fitting, parse

WHO = "Importing takes a compliance officer or an administrator."


class NotImportable(Refusal):
    """The file cannot be read as a statement, or nothing of it was chosen."""


def plan_of(data: bytes, name: str, aims: Aims) -> Plan:
    """Judge every row of a file against the catalogue; writes nothing. Raises NotImportable."""
    try:
        return read_statement(data, name, catalogue(), known_on=clock.today(aims.time_zone))
    except NotReadable as error:
        raise NotImportable(str(error), field="file") from error


@transaction.atomic
def read_in(data: bytes, name: str, aims: Aims, *, actor: Actor) -> Intake:
    """Keep a file and its plan, so that every row stands with its verdict before anything is written."""
    require(may_steer(actor), WHO)
    plan = plan_of(data, name, aims)
    intake = Intake(
        aims=aims,
        name=name[:255],
        sha256=sha256(data).hexdigest(),
        data=data,
        plan=stored(plan),
        by_id=actor.user_id,
        read_at=clock.now(),
    )
    intake.save(force_insert=True)
    return intake


@transaction.atomic
def take_in(intake: Intake, *, flagged: Collection[int], actor: Actor) -> Intake:
    """Write the matched rows, and those flagged ones (by place in the plan) that the person accepts.

    An exclusion that something relies on stays undecided and keeps its text; `result` tells which. Blank cells
    leave what the statement says. Raises NotImportable when the file was taken before.
    """
    require(may_steer(actor), WHO)
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    if intake.accepted_at is not None:
        raise NotImportable(_("This file was taken in already. Import it again to take it once more."))
    chosen = [
        row
        for place, row in enumerate(intake.plan["rows"])
        if row["entry"] and (row["verdict"] == "matched" or (row["verdict"] == "flagged" and place in flagged))
    ]
    if not chosen:
        raise NotImportable(_("No row of this file matches a control."))
    statement = open_statement(actor=actor)
    taker = _Taker(actor)
    held_back = [text for row in chosen if (text := taker.take(row))]
    intake.accepted_at = clock.now()
    intake.result = {"taken": len(chosen), "held_back": held_back, "owners": taker.owners, "evidence": taker.evidence}
    intake.save(update_fields=["accepted_at", "result"])
    words = f"{intake.name}, SHA-256 {intake.sha256}: {len(chosen)} of {len(intake.plan['rows'])} rows"
    record(IMPORTED, statement, actor=actor, reason=words)
    return intake


class _Taker:
    """Takes rows one by one, counting the people and documents it had to name."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.aims_id = current_aims_id()
        self.entries = {row.requirement.code: row for row in Entry.objects.with_names()}
        self.people: dict[str, Any] = {}
        self.owners = 0
        self.evidence = 0

    def take(self, row: dict[str, Any]) -> str:
        """Take one row; return why its decision was held back, or nothing."""
        data = entry_from(row["entry"])
        entry = self.entries.get(row["id"]) or add_own_control(
            row["title"] or row["id"], code=row["id"], actor=self.actor
        )
        problem = ""
        if data.applicability != "undecided":
            entry, problem = self._decide(entry, data)
        entry = amend(entry, self._fields(entry, data, problem), seen=entry.version, actor=self.actor)
        self.entries[row["id"]] = entry
        for title in data.evidence:
            expect_evidence(
                title[:200], requirements=[entry.requirement], actor=self.actor, reason="named in an import"
            )
            self.evidence += 1
        return problem

    def _decide(self, entry: Entry, data: ImportedEntry) -> tuple[Entry, str]:
        applicability = Applicability(data.applicability)
        try:
            with transaction.atomic():
                return decide(
                    entry,
                    applicability,
                    why=data.why or None,
                    reasons=_reasons(entry, data, applicability),
                    seen=entry.version,
                    actor=self.actor,
                ), ""
        except NotDecidable as refusal:
            return entry, refusal.message

    def _fields(self, entry: Entry, data: ImportedEntry, problem: str) -> dict[str, Any]:
        texts = {"why": data.why, "how": data.how, "how_document": data.document[:200], "notes": data.notes}
        fields: dict[str, Any] = {name: text for name, text in texts.items() if text}
        fields |= {name: value for name in ("review_on", "planned_on") if (value := getattr(data, name))}
        if data.implementation:
            fields["implementation"] = data.implementation
        if data.provider or data.performed_by not in ("", Performer.PROVIDER):
            fields["performed_by"] = data.performed_by or Performer.PROVIDER
        if data.provider:
            fields["provider"] = data.provider[:160]
        if data.owner and not (entry.owner and entry.owner.display_name == data.owner):
            fields["owner"] = self._owner(data.owner)
        if entry.applicability == Applicability.UNDECIDED and data.applicability == "undecided" and data.reasons:
            fields["reasons"] = _reasons(entry, data, Applicability.UNDECIDED)
        if problem and entry.applicability == Applicability.INCLUDED:
            fields.pop("why", None)
        if extra := _besides(entry, data, problem):
            fields["notes"] = "\n".join(dict.fromkeys([data.notes or entry.notes, *extra])).strip()
        return fields

    def _owner(self, name: str) -> Any:
        if name not in self.people:
            self.people[name] = invite_owner_by_name(name, actor=self.actor)
            self.owners += not self.people[name].is_active
        return self.people[name]


def _besides(entry: Entry, data: ImportedEntry, problem: str) -> list[str]:
    """What no field takes, for the notes: why a decision was held back, texts longer than their field."""
    texts = [problem] if problem else []
    texts += [data.why] if problem and data.why and entry.applicability == Applicability.INCLUDED else []
    return texts + [text for text, most in ((data.document, 200), (data.provider, 160)) if len(text) > most]


def _reasons(entry: Entry, data: ImportedEntry, applicability: Applicability) -> list[Given]:
    """Codes of the file; where the row already says what a code points at, it goes on pointing there."""
    if not data.reasons:
        return fitting(entry.reasons, applicability)
    kept = [f"{row['code']} {row['ref']}" for row in entry.reasons if row["ref"] and row["code"] in data.reasons]
    return fitting(parse([*data.reasons, *kept]), applicability)
