"""Ask that a system moves to another stage; where nobody has to sign, asking decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import require
from aims.queries import people
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from systems.actions.entering import GateShut, NotMovable, ask_signers, digest_of, enter, locked, waiting_move
from systems.actions.refuse import taken_back
from systems.events import ASKED
from systems.lifecycle.gates import Gate, gate_of
from systems.lifecycle.models import Mode, MoveState, Transition
from systems.lifecycle.stages import Stage, Way
from systems.models import AiSystem
from systems.permissions import may_move, may_set_back

TEXT_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be done about a check that is left open, by whom and until when."""

    check: str
    text: str
    owner: User | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Thought:
    """What was thought about before a move: the harm, and whether and how it is reversed."""

    harm: str = ""
    is_reversible: bool = True
    reversing: str = ""


@transaction.atomic
def ask_move(
    system: AiSystem,
    stage: str,
    *,
    seen: int,
    actor: Actor,
    reason: str = "",
    mode: Mode = Mode.CONTINUE,
    conditions: Sequence[Condition] = (),
    thought: Thought = Thought(),
) -> Transition:
    """Ask for a move: the gate is looked at and frozen with it. One that nobody has to sign is made at once.

    Raises NotMovable for a way that does not exist or says too little, GateShut with everything that is missing.
    """
    row = locked(system)
    _allow(row, stage, actor)
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen, stage=stage)
    reason, way = reason.strip(), Way(str(row.stage), stage)
    _check_way(row, way, reason)
    waiting = waiting_move(row)
    if waiting is not None and way.needs_signatures:
        said = {"who": _name(waiting.asked_by), "number": waiting.number}
        raise NotMovable(_("%(who)s asked already: move %(number)s waits. Sign, refuse or withdraw it.") % said)
    gate = gate_of(row, stage) if way.is_gated else None
    kept = _pass(row, gate, way, mode, conditions, thought)
    if waiting is not None:
        taken_back(waiting, _("The system moved meanwhile."), actor)
    move = _asked(row, way, actor, reason, mode, kept, thought, gate)
    if way.needs_signatures and gate is not None:
        ask_signers(move, gate, {})
    else:
        enter(row, move, actor=actor)
    seal_now(row.aims_id)
    return move


def _allow(row: AiSystem, stage: str, actor: Actor) -> None:
    if stage == Stage.REEVALUATION and row.stage in (Stage.DEPLOYMENT, Stage.OPERATION):
        require(may_set_back(actor, row), _("Only who may edit the system may send it back."))
        return
    require(may_move(actor, row), _("Only the system's owner, a compliance officer or an administrator may move it."))


def _check_way(row: AiSystem, way: Way, reason: str) -> None:
    if way.end not in Stage.values:
        raise NotMovable(_("There is no stage %s.") % way.end, field="stage")
    if not way.is_known:
        said = {"start": row.get_stage_display(), "end": Stage(way.end).label}
        raise NotMovable(_("%(end)s does not follow %(start)s.") % said, field="stage")
    if way.needs_reason and not reason:
        raise NotMovable(_("Say why: this move is one an auditor will ask about."), field="reason")


def _pass(
    row: AiSystem, gate: Gate | None, way: Way, mode: Mode, conditions: Sequence[Condition], thought: Thought
) -> list[dict[str, Any]]:
    """Let the move through the gate, or say what shuts it; return the conditions as they are kept."""
    if mode not in (Mode.CONTINUE, Mode.PARTIAL):
        raise NotMovable(_("Ask to continue, or to continue under conditions."), field="mode")
    if way.needs_signatures and not thought.harm.strip():
        raise NotMovable(_("Say which harm you considered, and for whom."), field="harm")
    if way.needs_signatures and thought.is_reversible and not thought.reversing.strip():
        raise NotMovable(_("Say how the move is reversed, or that it cannot be."), field="reversing")
    if gate is None:
        return []
    if gate.shut:
        raise GateShut((*gate.shut, *(gate.ajar if mode == Mode.CONTINUE else ())))
    if mode == Mode.CONTINUE:
        if gate.ajar:
            raise GateShut(gate.ajar)
        return []
    return _conditions(row, gate, conditions)


def _conditions(row: AiSystem, gate: Gate, conditions: Sequence[Condition]) -> list[dict[str, Any]]:
    today, covered = clock.today(row.aims.time_zone), {one.check for one in conditions}
    if not conditions:
        raise NotMovable(_("Name the conditions: what has to be done, by whom and until when."), field="conditions")
    if left := [check for check in gate.ajar if check.key not in covered]:
        words = ", ".join(check.words for check in left)
        raise NotMovable(_("Name a condition for each check left open: %s.") % words, field="conditions")
    for one in conditions:
        if not one.text.strip() or one.owner is None or one.due_on is None:
            raise NotMovable(_("Each condition needs a text, an owner and a date."), field="conditions")
        if one.due_on < today:
            raise NotMovable(_("A condition is due on a date that is not past."), field="conditions")
        if not people().filter(pk=one.owner.pk).exists():
            raise NotMovable(_("The owner of a condition has no role in this organisation."), field="conditions")
    return [_kept(one) for one in conditions]


def _kept(one: Condition) -> dict[str, Any]:
    assert one.owner is not None and one.due_on is not None  # noqa: S101, PT018  (looked at above)
    return {
        "check": one.check,
        "text": one.text.strip()[:TEXT_LENGTH],
        "owner_id": one.owner.pk,
        "due_on": one.due_on.isoformat(),
        "met_on": None,
    }


def _asked(
    row: AiSystem,
    way: Way,
    actor: Actor,
    reason: str,
    mode: Mode,
    conditions: list[dict[str, Any]],
    thought: Thought,
    gate: Gate | None,
) -> Transition:
    last = Transition.objects.filter(system=row).aggregate(last=Max("number"))["last"] or 0
    now, decided = clock.now(), not way.needs_signatures
    move = Transition(
        aims_id=row.aims_id,
        system=row,
        number=last + 1,
        from_stage=way.start,
        to_stage=way.end,
        state=MoveState.DONE if decided else MoveState.PROPOSED,
        mode=mode,
        conditions=conditions,
        harm=thought.harm.strip(),
        is_reversible=thought.is_reversible,
        reversing=thought.reversing.strip(),
        reason=reason,
        asked_by_id=actor.user_id,
        asked_at=now,
        judged_version=row.version,
        judged_digest=digest_of(row),
        gates=gate.frozen if gate else {},
        decided_by_id=actor.user_id if decided else None,
        decided_at=now if decided else None,
    )
    change = Change.new(move)
    change.save(actor=actor, reason=reason)
    outcome = {"mode": str(mode), "outcome": "asked", "previous": way.start, "reversible": thought.is_reversible}
    record(ASKED, move, actor=actor, change=change, reason=reason, after_hash=move.judged_digest, decision=outcome)
    return move


def _name(person: User | None) -> str:
    return person.display_name if person else _("Somebody")
