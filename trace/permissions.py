"""Who may look into the chain, have it verified and send its checkpoints."""

from accounts.actor import Actor
from accounts.roles import Role


def may_verify(actor: Actor) -> bool:
    """Every member may: a chain that only its keeper checks proves nothing."""
    return bool(actor.roles)


def may_send(actor: Actor) -> bool:
    """Who runs the AIMS, and who audits it inside, may send a checkpoint to an auditor."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR, Role.OFFICER, Role.AUDITOR)
