"""Who may look into the chain, verify, sign and send it, and who may do what only a person can answer for."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role


def may_verify(actor: Actor) -> bool:
    """Every member may: a chain that only its keeper checks proves nothing."""
    return bool(actor.roles)


def may_sign(actor: Actor) -> bool:
    """Every member may: a checkpoint says what stands there, and adds nothing to it."""
    return bool(actor.roles)


def may_keep(actor: Actor) -> bool:
    """Keys, restored logs and forged records are for people who administer the AIMS."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR)


def may_erase(actor: Actor) -> bool:
    """Texts are erased by people who administer the AIMS or steer it."""
    return actor.is_person and actor.holds(*STEWARDS)


def may_send(actor: Actor) -> bool:
    """Who runs the AIMS, and who audits it inside, may send a checkpoint to an auditor."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR, Role.OFFICER, Role.AUDITOR)
