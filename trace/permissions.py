"""Who may look into the chain, verify, sign and send it, and who may do what only a person can answer for."""

from accounts.actor import Actor
from accounts.roles import READERS, STEWARDS, Role
from accounts.verbs import verb


@verb("Have the chain verified")
def may_verify(actor: Actor) -> bool:
    """Every member may: a chain that only its keeper checks proves nothing. The certification body checks its pack."""
    return actor.holds(*READERS)


@verb("Have the log signed")
def may_sign(actor: Actor) -> bool:
    """Every member may: a checkpoint says what stands there, and adds nothing to it."""
    return actor.holds(*READERS)


@verb("Rotate keys, resume a log, set records aside")
def may_keep(actor: Actor) -> bool:
    """Keys, restored logs and forged records are for people who administer the AIMS."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR)


@verb("Erase a text beside the chain")
def may_erase(actor: Actor) -> bool:
    """Texts are erased by people who administer the AIMS or steer it."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Send a checkpoint to an auditor")
def may_send(actor: Actor) -> bool:
    """Who runs the AIMS, and who audits it inside, may send a checkpoint to an auditor."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR, Role.OFFICER, Role.AUDITOR)
