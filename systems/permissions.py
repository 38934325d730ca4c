"""Who may change the registry: its stewards everything, a system's owner the facts of that system."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, WRITERS, Role
from accounts.verbs import verb
from systems.models import AiSystem, Transition

HANDS = frozenset(Role) - {Role.AUDITOR, Role.CERTIFIER}


@verb("Register an AI system")
def may_register(actor: Actor) -> bool:
    """Stewards, and services that act with their roles, register systems."""
    return actor.holds(*STEWARDS)


@verb("Edit an AI system")
def may_edit(actor: Actor, system: AiSystem) -> bool:
    """Stewards, and the system's owner unless they are here only to audit."""
    return actor.holds(*STEWARDS) or _owns(actor, system)


@verb("Say whether a system is in scope")
def may_say_scope(actor: Actor, _system: AiSystem) -> bool:
    """Whether a system is in scope is decided by a person who steers the AIMS."""
    return may_say_scopes(actor)


@verb("Say the scope of several systems at once")
def may_say_scopes(actor: Actor) -> bool:
    """Whoever may say it of one system may say it of many."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("State that the registry is complete")
def may_state_completeness(actor: Actor) -> bool:
    """That all AI systems of a unit are known is stated by a person who steers the AIMS, and taken back by one."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Move a system to another stage")
def may_move(actor: Actor, system: AiSystem) -> bool:
    """A person who may edit the system moves it, or asks for the move where others have to sign."""
    return actor.is_person and may_edit(actor, system)


@verb("Send a system back to re-evaluation")
def may_set_back(actor: Actor, system: AiSystem) -> bool:
    """Whoever may edit it, machines too: this only takes trust away."""
    return may_edit(actor, system)


@verb("Sign, defer or refuse a move")
def may_sign(actor: Actor, _move: Transition) -> bool:
    """A person whom the rule of the gate calls; without a rule of its own that is an approver."""
    return actor.is_person and actor.holds(*HANDS)


@verb("Withdraw a move that waits")
def may_withdraw(actor: Actor, move: Transition) -> bool:
    """Who asked for it, and stewards."""
    return actor.is_person and (actor.holds(*STEWARDS) or actor.owns(move.asked_by_id, *HANDS))


@verb("Say that a condition is met")
def may_meet(actor: Actor, owner_id: int | None) -> bool:
    """Who owes the condition, and stewards."""
    return actor.is_person and (actor.holds(*STEWARDS) or actor.owns(owner_id, *HANDS))


@verb("Advise as data protection officer")
def may_advise(actor: Actor, officer_id: int | None) -> bool:
    """A person who was named data protection officer, in their own name or by a deputy."""
    return actor.is_person and actor.owns(officer_id, *HANDS)


@verb("Rule who has to agree at a gate")
def may_rule(actor: Actor) -> bool:
    """Stewards write the rules of gates, and name who holds which function, but never themselves."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Say what a system relies on")
def may_rely(actor: Actor, system: AiSystem) -> bool:
    """What a system relies on is among its facts."""
    return may_edit(actor, system)


@verb("Have systems judged by policies")
def may_judge(actor: Actor) -> bool:
    """Stewards and control owners; judging changes nothing but what is known."""
    return actor.holds(*WRITERS)


def _owns(actor: Actor, system: AiSystem) -> bool:
    return actor.owns(system.owner_id, *HANDS)
