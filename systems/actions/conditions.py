"""Say that a condition of a move is met."""

from copy import deepcopy

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from duties.actions import close_tasks
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.actions.entering import CONDITION
from systems.actions.refuse import held
from systems.events import MET
from systems.lifecycle.models import Transition
from systems.permissions import may_meet


class NoCondition(Refusal):
    """There is no such condition, or it is met."""


@transaction.atomic
def meet_condition(move: Transition, place: int, *, note: str, seen: int, actor: Actor) -> Transition:
    """Record that the condition at this place (from 1) is met, and how; its task is closed."""
    move = held(move)
    conditions = deepcopy(move.conditions)
    if not 1 <= place <= len(conditions):
        raise NoCondition(_("There is no such condition."))
    condition = conditions[place - 1]
    require(may_meet(actor, condition["owner_id"]), _("Only its owner, or a compliance officer, may say so."))
    hold_apart(move, seen, note=note)
    if condition["met_on"]:
        raise NoCondition(_("This condition is met already."))
    if not note.strip():
        raise NoCondition(_("Say how it was met, so that it can be checked."), field="note")
    met = {"met_on": clock.today(move.system.aims.time_zone).isoformat(), "met_by_id": actor.user_id}
    conditions[place - 1] |= met | {"note": note.strip()}
    change = Change.of(move, conditions=conditions)
    change.save(actor=actor, reason=note)
    record(MET, move, actor=actor, change=change, reason=note)
    close_tasks(CONDITION, f"{move.ref}/{place}", actor=actor)
    return move
