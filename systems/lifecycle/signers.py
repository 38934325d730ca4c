"""Who could sign for an authority, and for which authorities somebody could."""

from collections.abc import Iterable
from datetime import datetime

from accounts.actor import Actor
from accounts.models import User
from accounts.separation import Hands
from aims.hands import people_with
from systems.lifecycle.composition import ROLE, Leaf, applying, leaves
from systems.lifecycle.gates import holders, places_of, rule_for
from systems.lifecycle.models import MoveState, Transition
from systems.models import FunctionHolder
from systems.permissions import HANDS, may_sign


def who_could_sign(leaf: Leaf, at: datetime, apart_from: Hands) -> list[User]:
    """Return the active people who could sign for an authority, apart from some."""
    if leaf.kind == ROLE:
        return people_with(leaf.key, at, apart_from)
    people = [row.person for row in holders() if row.key == leaf.key and row.person.is_active]
    return [one for one in people if one.pk not in apart_from and one.pseudonym not in apart_from]


def signs_for(actor: Actor, wanted: Iterable[Leaf], held: Iterable[FunctionHolder]) -> tuple[Leaf, ...]:
    """Return those of the authorities that this person has: by a role, or by a function, deputies for their person."""
    mine = {row.key for row in held if actor.owns(row.person_id, *HANDS)}
    return tuple(leaf for leaf in wanted if (leaf.kind == ROLE and _holds(actor, leaf.key)) or _has(leaf, mine))


def is_called(actor: Actor, move: Transition) -> bool:
    """Whether the rule of the gate calls this person; of a move that was decided, whether they might be."""
    if not may_sign(actor, move):
        return False
    if move.state != MoveState.PROPOSED:
        return True
    rule, _versions = rule_for(move.system, move.to_stage)
    named = applying(rule, places_of(move.system))
    return bool(signs_for(actor, (leaf for leaf in leaves(named) if leaf.is_authority) if named else (), holders()))


def _holds(actor: Actor, role: str) -> bool:
    return not actor.is_looking_back and any(held.role == role for held in actor.authorities)


def _has(leaf: Leaf, functions: set[str]) -> bool:
    return leaf.kind != ROLE and leaf.key in functions
