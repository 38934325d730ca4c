"""Sign a move: a person with the authority, who asked for nothing and wrote nothing of what is judged."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import NotAllowed, Refusal, require
from accounts.separation import apart
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from systems.actions.entering import GateShut, ask_signers, authors_of, close_signing, digest_of, enter, person_id
from systems.actions.refuse import held, must_wait
from systems.events import SIGNED
from systems.lifecycle.composition import ROLE, Leaf, written
from systems.lifecycle.gates import Gate, gate_of, holders
from systems.lifecycle.models import MoveState, Signature, Transition
from systems.lifecycle.signers import signs_for
from systems.permissions import may_sign
from systems.policies import own_move


class OwnWork(Refusal):
    """Two people are needed to bring a system into use."""


class NotSignable(Refusal):
    """The move cannot be signed as it stands."""


@transaction.atomic
def sign_move(move: Transition, *, seen: int, actor: Actor, authority: str = "", note: str = "") -> Transition:
    """Sign under one authority; with the last signature that the rule asks for, the system enters the stage.

    Raises OwnWork for its asker and for who wrote the record since the last signature, NotSignable when the record is
    another one by now, GateShut when the gate shut meanwhile.
    """
    move = held(move)
    require(may_sign(actor, move), _("Signing takes a person whom the rule of the gate calls."))
    hold_apart(move, seen, note=note)
    must_wait(move)
    authors = authors_of(move)
    if own_work := own_move(actor, move, authors):
        raise OwnWork(own_work)
    if digest_of(move.system) != move.judged_digest:
        raise NotSignable(_("The record changed since this was asked. Withdraw the move and ask again."))
    gate, signed = gate_of(move.system, move.to_stage), _signed(move)
    _still_open(move, gate)
    leaf = _chosen(apart(actor, authors), gate, signed, authority)
    actor = _under(apart(actor, authors), leaf)
    signature = _sign(move, leaf, note.strip(), actor)
    signed[leaf.name] = signed.get(leaf.name, 0) + 1
    _settle(move, gate, signed, signature, actor)
    seal_now(move.aims_id)
    return move


def _signed(move: Transition) -> dict[str, int]:
    given: dict[str, int] = {}
    for name in Signature.objects.filter(move=move).values_list("authority", flat=True):
        given[name] = given.get(name, 0) + 1
    return given


def _still_open(move: Transition, gate: Gate) -> None:
    covered = {condition["check"] for condition in move.conditions}
    if shut := (*gate.shut, *(check for check in gate.ajar if check.key not in covered)):
        raise GateShut(shut)


def _chosen(actor: Actor, gate: Gate, signed: dict[str, int], authority: str) -> Leaf:
    wanted = gate.waiting_for(signed)
    mine = signs_for(actor, wanted, holders())
    found = next((leaf for leaf in mine if authority in ("", leaf.name)), None)
    if found is None:
        raise NotAllowed(_("The rule of this gate does not call you to sign, or somebody signed for it already."))
    return found


def _under(actor: Actor, leaf: Leaf) -> Actor:
    """Put the authority that is signed under first, so that the record names it."""
    if leaf.kind != ROLE:
        return actor
    return replace(actor, authorities=tuple(sorted(actor.authorities, key=lambda one: one.role != leaf.key)))


def _sign(move: Transition, leaf: Leaf, note: str, actor: Actor) -> Signature:
    if Signature.objects.filter(move=move, person_id=actor.user_id).exists():
        raise NotSignable(_("You signed this move already. Somebody else has to sign for the rest."))
    row = Signature(aims_id=move.aims_id, move=move, person_id=person_id(actor), authority=leaf.name, note=note)
    row.signed_at = clock.now()
    change = Change.new(row)
    change.save(actor=actor, reason=note)
    decision = {"mode": str(move.mode), "outcome": str(move.to_stage), "previous": str(move.from_stage)}
    decision |= {"harm": "considered" if move.harm else None, "reversible": move.is_reversible}  # type: ignore[dict-item]
    record(
        SIGNED,
        move,
        actor=actor,
        change=change,
        reason=note,
        after_hash=move.judged_digest,
        decision=decision,
        approvals=[actor.pseudonym],
    )
    return row


def _settle(move: Transition, gate: Gate, signed: dict[str, int], signature: Signature, actor: Actor) -> None:
    """Keep what the rule comes to now; when it is satisfied the move is signed and the system enters."""
    verdict = gate.judged(signed)
    judgement = gate.frozen | {
        "rule": written(gate.rule),
        "versions": gate.versions,
        "places": list(gate.places),
        "signed": signed,
        "is_satisfied": verdict.is_satisfied,
        "necessary": [written(leaf) for leaf in verdict.necessary],
        "sufficient": [[written(leaf) for leaf in way] for way in verdict.sufficient],
        "missing": [written(leaf) for leaf in verdict.missing],
    }
    close_signing(move, tuple(signed), actor=actor)
    if not verdict.is_satisfied:
        Change.of(move, judgement=judgement).save(actor=actor, reason=signature.note)
        ask_signers(move, gate, signed)
        return
    fields = {"state": MoveState.SIGNED, "decided_by_id": actor.user_id, "decided_at": signature.signed_at}
    Change.of(move, judgement=judgement, decision_note=signature.note, **fields).save(
        actor=actor, reason=signature.note
    )
    close_signing(move, tuple(leaf.name for leaf in gate.waiting_for({})), actor=actor)
    people = Signature.objects.filter(move=move).values_list("person__pseudonym", flat=True)
    enter(move.system, move, actor=actor, approvals=tuple(people))
