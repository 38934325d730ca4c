"""What every move shares: who had a hand in it, how it is locked, and how the system enters its new stage."""

from datetime import date, datetime
from hashlib import sha256
from json import dumps

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import NotAllowed, Refusal
from accounts.separation import Hands, hands
from aims.hands import hands_in
from duties.actions import close_tasks, open_task
from ledger.actions import record
from ledger.change import Change
from ledger.models import Record
from systems.actions.first_tasks import close_first_tasks
from systems.events import ASKED, EDITED, MOVED, REGISTERED, RETIRED
from systems.lifecycle.gates import Gate
from systems.lifecycle.models import MoveState, Transition
from systems.lifecycle.signers import who_could_sign
from systems.lifecycle.stages import Stage
from systems.models import AiSystem
from systems.ports import GateCheck, Moved, tell_of_move

SIGN, CONDITION, LOOK = "system.sign", "system.condition", "system.look_again"


class NotMovable(Refusal):
    """The system cannot be moved so."""


class GateShut(Refusal):
    """The gate asks for something that is not there; `missing` says what, and where one mends it."""

    field = "stage"

    def __init__(self, missing: tuple[GateCheck, ...]) -> None:
        told = [f"{check.words}: {check.note}" if check.note else check.words for check in missing]
        super().__init__(_("The gate is shut. %s") % " ".join(told))
        self.missing = missing


def locked(system: AiSystem) -> AiSystem:
    """Hold the system; its AIMS is loaded."""
    return AiSystem.objects.select_for_update(of=("self",)).select_related("aims").get(pk=system.pk)


def digest_of(row: AiSystem) -> str:
    """Return the SHA-256 of a record, by which a move names what it judged."""
    return sha256(dumps(row.record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def person_id(actor: Actor) -> int:
    """Return who acts, for what only a person can have done."""
    if actor.user_id is None:
        raise NotAllowed(_("This takes a person."))
    return actor.user_id


def authors_of(move: Transition) -> Hands:
    """Return everybody who asked for the move, or wrote the record since the last signed one; three queries."""
    wrote = Q(subject=move.system.ref, event__in=(REGISTERED.name, EDITED.name))
    if since := last_signed_at(move.system):
        wrote &= Q(occurred_at__gt=since)
    asked = Q(subject=move.ref, event=ASKED.name)
    return hands_in(Record.objects.filter(wrote | asked)) | hands([move.asked_by_id])


def last_signed_at(system: AiSystem) -> datetime | None:
    """Return when the system was last signed into use."""
    rows = Transition.objects.filter(system=system, state=MoveState.SIGNED)
    return rows.order_by("-number").values_list("decided_at", flat=True).first()


def enter(row: AiSystem, move: Transition, *, actor: Actor, approvals: tuple[str, ...] = ()) -> None:
    """Have the system enter the stage of a decided move, and give each condition to its owner."""
    previous = str(row.stage)
    change = Change.of(row, stage=Stage(move.to_stage), came_by=move)
    change.save(actor=actor, reason=move.reason)
    decision = {
        "mode": str(move.mode),
        "outcome": str(move.to_stage),
        "previous": previous,
        "harm": "considered" if move.harm else None,
        "reversible": move.is_reversible,
    }
    event = RETIRED if move.to_stage == Stage.RETIRED else MOVED
    record(event, row, actor=actor, change=change, reason=move.reason, decision=decision, approvals=approvals)
    close_tasks(LOOK, row.ref, actor=actor)
    if move.to_stage == Stage.RETIRED:
        close_first_tasks(row, actor=actor)
    for place, condition in enumerate(move.conditions, 1):
        title = _("Meet a condition of %(system)s: %(text)s") % {"system": row.code, "text": condition["text"]}
        due = date.fromisoformat(condition["due_on"])
        subject, owner = f"{move.ref}/{place}", condition["owner_id"]
        open_task(CONDITION, subject, title, owner_id=owner, due_on=due, address=address_of(move))
    tell_of_move(Moved(row, previous, actor))


def ask_signers(move: Transition, gate: Gate, signed: dict[str, int]) -> None:
    """Open a task for one person of each authority that has to sign yet."""
    authors, now = authors_of(move), clock.now()
    for leaf in gate.waiting_for(signed):
        person = next(iter(who_could_sign(leaf, now, authors)), None)
        said = {"system": move.system.code, "stage": move.get_to_stage_display()}
        title = _("Sign %(system)s into %(stage)s") % said
        subject, owner = _signing(move, leaf.name), person.pk if person else None
        open_task(SIGN, subject, title, owner_id=owner, address=address_of(move))


def close_signing(move: Transition, names: tuple[str, ...], *, actor: Actor) -> None:
    """Close what stands open for these authorities."""
    for name in names:
        close_tasks(SIGN, _signing(move, name), actor=actor)


def waiting_move(row: AiSystem) -> Transition | None:
    """Return the move of the system that waits, held."""
    rows = Transition.objects.select_for_update(of=("self",)).filter(system=row, state=MoveState.PROPOSED)
    move: Transition | None = rows.first()
    if move is not None:
        move.system = row
    return move


def address_of(move: Transition) -> str:
    """Return the page of a move."""
    return reverse("systems:move", args=[move.system.aims.slug, move.system.code, move.number])


def _signing(move: Transition, name: str) -> str:
    return f"{move.ref} {name}"
