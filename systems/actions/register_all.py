"""Enter many systems at once: every one is checked, numbered and recorded by itself, all of them or none."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from aims.numbering import next_number, start_after
from aims.queries import people
from ledger.actions import record
from ledger.change import Change, stamp
from systems.actions.facts import NotAFact, check_columns, check_form, only_what_differs
from systems.actions.first_tasks import open_first_tasks
from systems.events import REGISTERED
from systems.models import AiSystem, Stage
from systems.permissions import may_register
from systems.ports import Edited, tell_of_edits
from systems.record.places import columns_of

BATCH = 250


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A whole record with its id, and why the system is registered; what it does not say yet may stay open."""

    record: dict[str, Any]
    reason: str = ""


@transaction.atomic
def register_all(newcomers: Sequence[Newcomer], *, actor: Actor) -> list[AiSystem]:
    """Register systems with their next codes, in this order; raises NotAFact and writes none where one does not fit."""
    require(may_register(actor), _("Registering a system takes an administrator or a compliance officer."))
    if not newcomers:
        return []
    systems = _systems(newcomers)
    _refuse_taken(systems)
    first = next_number("SYS")
    start_after("SYS", first + len(systems) - 1)
    changes = []
    for number, (system, newcomer) in enumerate(zip(systems, newcomers, strict=True), start=first):
        system.code = f"SYS-{number:02d}"
        change = Change.new(system)
        only_what_differs(change, {}, system.record)
        changes.append(change)
        stamp(system, actor=actor, reason=newcomer.reason)
    rows: list[AiSystem] = bulk_create_with_history(systems, AiSystem, batch_size=BATCH)
    for row, newcomer, change in zip(rows, newcomers, changes, strict=True):
        record(REGISTERED, row, actor=actor, change=change, reason=newcomer.reason)
    open_first_tasks(rows)
    tell_of_edits([Edited(row, {}, row.record, actor, is_new=True) for row in rows])
    return rows


def _systems(newcomers: Iterable[Newcomer]) -> list[AiSystem]:
    known = {email.lower(): pk for pk, email in people().values_list("pk", "email")}
    now = clock.now()
    found = []
    for newcomer in newcomers:
        said = deepcopy(newcomer.record)
        owner = known.get(str(said.get("owner") or "").strip().lower())
        system = AiSystem(aims_id=current_aims_id(), stage=Stage.INCEPTION, changed_at=now, owner_id=owner, record=said)
        for name, value in columns_of(said).items():
            setattr(system, name, value)
        if not system.key:
            raise NotAFact(_("The record has no id."), field="id")
        check_columns(system, still_open=["purpose"])
        check_form(said)
        found.append(system)
    return found


def _refuse_taken(systems: Sequence[AiSystem]) -> None:
    """Refuse ids that the registry or another of these has, whatever their case; one query."""
    taken = {key.lower(): code for key, code in AiSystem.objects.values_list("key", "code")}
    for system in systems:
        key = system.key.lower()
        if key in taken:
            said = {"key": system.key, "code": taken[key] or _("another of these")}
            raise NotAFact(_("The id %(key)s is that of %(code)s. Choose another.") % said, field="id")
        taken[key] = ""
