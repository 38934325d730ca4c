"""Who may change the registry: its stewards everything, a system's owner the facts of that system."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, WRITERS, Role
from accounts.verbs import verb
from systems.models import AiSystem

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
    """A stage is moved by a person who may edit the system."""
    return actor.is_person and may_edit(actor, system)


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
