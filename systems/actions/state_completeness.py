"""State that the registry holds all AI systems of a unit, and take such a statement back."""

from datetime import date, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.days import long_day
from aims.models import Aims
from aims.numbering import next_code
from duties.actions import close_tasks
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.events import STATED, STATEMENT_WITHDRAWN
from systems.models import AiSystem, CompletenessStatement, Stage
from systems.permissions import may_state_completeness

TASK = "systems.completeness"
LONGEST = timedelta(days=400)
WHO = "A compliance officer or an administrator states that the registry is complete."


class NotStatable(Refusal):
    """The statement cannot be made so."""


def covered(unit: str) -> list[tuple[str, str]]:
    """Return code and id of every system of a unit that is not retired; of all units without one. One query."""
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).order_by("id")
    return list((rows.filter(unit=unit) if unit else rows).values_list("code", "key"))


def digest_of(systems: list[tuple[str, str]]) -> str:
    """Return the SHA-256 of the ids of systems, one a line, in their order; the code stands for an id that is blank."""
    return sha256("".join(f"{key or code}\n" for code, key in systems).encode()).hexdigest()


@transaction.atomic
def state_completeness(unit: str, *, method: str, valid_until: date, seen: int, actor: Actor) -> CompletenessStatement:
    """Record that a person looked and found that these are all; `seen` is how many systems they were shown.

    The statement in force for the unit is replaced, and what was due for it is done.
    """
    require(may_state_completeness(actor), _(WHO))
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    unit, method, today = unit.strip(), method.strip(), clock.today(aims.time_zone)
    _check(unit, method, valid_until, today)
    systems = covered(unit)
    if len(systems) != seen:
        raise NotStatable(_("There are %d systems now; look at the list again before you state it.") % len(systems))
    _replace(unit, actor)
    row = CompletenessStatement(
        aims=aims,
        code=next_code("CPL", width=2),
        unit=unit,
        stated_on=today,
        stated_by=User.objects.get(pseudonym=actor.pseudonym),
        method=method,
        valid_until=valid_until,
        count=len(systems),
        digest=digest_of(systems),
        systems=[code for code, _key in systems],
    )
    change = Change.new(row)
    change.save(actor=actor, reason=method)
    change.after.pop("systems", None)
    decision = {"mode": "continue", "outcome": "complete"}
    record(STATED, row, actor=actor, change=change, reason=method, decision=decision)
    return row


@transaction.atomic
def withdraw_completeness(row: CompletenessStatement, *, reason: str, seen: int, actor: Actor) -> CompletenessStatement:
    """Take a statement back with its reason; it stays in the history."""
    require(may_state_completeness(actor), _(WHO))
    reason = reason.strip()
    if not reason:
        raise NotStatable(_("Say why the statement is taken back."), field="reason")
    row = CompletenessStatement.objects.select_for_update(of=("self",)).get(pk=row.pk)
    hold_apart(row, seen)
    if not row.is_in_force:
        raise NotStatable(_("This statement is not in force any more."))
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(STATEMENT_WITHDRAWN, row, actor=actor, change=change, reason=reason)
    close_tasks(TASK, row.ref, actor=actor)
    return row


def _check(unit: str, method: str, valid_until: date, today: date) -> None:
    if unit and not AiSystem.objects.filter(unit=unit).exists():
        raise NotStatable(_("No system belongs to a unit %s.") % unit, field="unit")
    if not method:
        raise NotStatable(_("Say how it was found out, so that an auditor can judge it."), field="method")
    if not today < valid_until <= today + LONGEST:
        last = long_day(today + LONGEST)
        raise NotStatable(_("Choose a day after today, at the latest %s.") % last, field="valid_until")


def _replace(unit: str, actor: Actor) -> None:
    rows = CompletenessStatement.objects.select_for_update(of=("self",))
    for row in rows.filter(unit=unit, replaced_at__isnull=True, withdrawn_at__isnull=True):
        change = Change.of(row, replaced_at=clock.now())
        change.save(actor=actor)
        close_tasks(TASK, row.ref, actor=actor)
