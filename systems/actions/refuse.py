"""Refuse a move, put it off, or take it back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from duties.actions import open_task
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from systems.actions.entering import LOOK, address_of, close_signing, locked
from systems.events import REFUSED, WITHDRAWN
from systems.lifecycle.composition import leaves
from systems.lifecycle.gates import rule_for
from systems.lifecycle.models import Mode, MoveState, Transition
from systems.lifecycle.signers import is_called
from systems.permissions import may_sign, may_withdraw


class NotDecidable(Refusal):
    """The move cannot be decided so."""


@transaction.atomic
def refuse_move(
    move: Transition,
    *,
    reason: str,
    seen: int,
    actor: Actor,
    mode: Mode = Mode.REFUSE,
    look_again_on: date | None = None,
) -> Transition:
    """Refuse the move with the reason, or defer it to a day on which its asker looks again."""
    move = held(move)
    require(may_sign(actor, move), _("Deciding takes a person whom the rule of the gate calls."))
    hold_apart(move, seen, reason=reason)
    must_wait(move)
    require(is_called(actor, move), _("The rule of this gate does not call you to decide."))
    reason = reason.strip()
    if not reason:
        raise NotDecidable(_("Give the reason an auditor will read."), field="reason")
    is_deferred = mode == Mode.DEFER
    if mode not in (Mode.DEFER, Mode.REFUSE):
        raise NotDecidable(_("Refuse the move, or defer it."), field="mode")
    if is_deferred and (look_again_on is None or look_again_on <= clock.today(move.system.aims.time_zone)):
        raise NotDecidable(_("Choose a day to come on which to look again."), field="look_again_on")
    state = MoveState.DEFERRED if is_deferred else MoveState.REFUSED
    change = _ended(move, state, actor, mode=mode, decision_note=reason, look_again_on=look_again_on)
    decision = {"mode": str(mode), "outcome": str(state), "previous": "proposed", "reversible": True}
    record(REFUSED, move, actor=actor, change=change, reason=reason, decision=decision)
    _close(move, actor)
    if is_deferred:
        said = {"system": move.system.code, "stage": move.get_to_stage_display()}
        title = _("Look again at moving %(system)s to %(stage)s") % said
        owner, subject = move.asked_by_id, move.system.ref
        open_task(LOOK, subject, title, owner_id=owner, due_on=look_again_on, address=address_of(move))
    seal_now(move.aims_id)
    return move


@transaction.atomic
def withdraw_move(move: Transition, *, reason: str, seen: int, actor: Actor) -> Transition:
    """Take back a move that waits, with the reason."""
    move = held(move)
    require(may_withdraw(actor, move), _("Only who asked for the move, or a compliance officer, takes it back."))
    hold_apart(move, seen, reason=reason)
    must_wait(move)
    if not reason.strip():
        raise NotDecidable(_("Say why it is taken back."), field="reason")
    taken_back(move, reason.strip(), actor)
    return move


def held(move: Transition) -> Transition:
    """Hold the move behind its system, in which order every decision takes them."""
    system = locked(move.system)
    row: Transition = Transition.objects.select_for_update(of=("self",)).get(pk=move.pk)
    row.system = system
    return row


def must_wait(move: Transition) -> None:
    """Refuse a move that was decided already."""
    if move.state != MoveState.PROPOSED:
        said = {"number": move.number, "state": str(move.get_state_display()).lower()}
        raise NotDecidable(_("Move %(number)s does not wait any more: it is %(state)s.") % said)


def taken_back(move: Transition, reason: str, actor: Actor) -> None:
    """Withdraw a move that is held, and record it."""
    change = _ended(move, MoveState.WITHDRAWN, actor, decision_note=reason)
    record(WITHDRAWN, move, actor=actor, change=change, reason=reason)
    _close(move, actor)


def _ended(move: Transition, state: MoveState, actor: Actor, **fields: object) -> Change:
    change = Change.of(move, state=state, decided_by_id=actor.user_id, decided_at=clock.now(), **fields)
    change.save(actor=actor, reason=str(fields["decision_note"]))
    return change


def _close(move: Transition, actor: Actor) -> None:
    rule, _versions = rule_for(move.system, move.to_stage)
    close_signing(move, tuple(leaf.name for leaf in leaves(rule) if leaf.is_authority), actor=actor)
