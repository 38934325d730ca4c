"""Withdraw a change before it is decided, or say that an approved one took effect."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from changes.actions.shared import NotOpen, close_all, held, locked, told
from changes.events import TOOK_EFFECT, WITHDRAWN
from changes.models import ChangeRecord, ChangeState
from changes.permissions import may_say
from changes.queries.standing import still_differs
from ledger.actions import record
from ledger.change import Change, hold_apart


class StillStands(Refusal):
    """The record still says what the change brought in."""


@transaction.atomic
def withdraw_change(change: ChangeRecord, *, reason: str, seen: int, actor: Actor) -> ChangeRecord:
    """Withdraw a plan, or a change whose edits were taken back: nothing goes round its approval this way."""
    row = held(change, seen)
    require(may_say(actor, row), _("Withdrawing takes the system's owner or a compliance officer."))
    actor = actor.on_behalf_of(row.system.owner_id)
    reason = told(reason, _("Say why it is withdrawn."))
    if row.is_emergency or still_differs(row, row.system):
        raise StillStands(_("The record still says what changed. Take that back first, or have the change decided."))
    difference = Change.of(row, state=ChangeState.WITHDRAWN)
    difference.save(actor=actor, reason=reason)
    record(WITHDRAWN, row, actor=actor, change=difference, reason=reason)
    close_all(row, actor=actor)
    return row


@transaction.atomic
def take_effect(change: ChangeRecord, *, seen: int, actor: Actor) -> ChangeRecord:
    """Say that an approved change is in effect now."""
    row = locked(change)
    require(may_say(actor, row), _("That a change is in effect is said by the system's owner or a compliance officer."))
    hold_apart(row, seen)
    actor = actor.on_behalf_of(row.system.owner_id)
    if row.state != ChangeState.APPROVED:
        raise NotOpen(_("Only an approved change takes effect."))
    difference = Change.of(row, state=ChangeState.IN_EFFECT, in_effect_at=clock.now())
    difference.save(actor=actor)
    record(TOOK_EFFECT, row, actor=actor, change=difference)
    return row
