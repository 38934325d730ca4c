"""Who may change what systems are judged by: people who steer the AIMS."""

from accounts.actor import Actor
from accounts.roles import STEWARDS
from accounts.verbs import verb


@verb("Write, replace and switch policies")
def may_write(actor: Actor) -> bool:
    """What systems are judged by is decided by a person who steers the AIMS."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Load the shipped policies")
def may_load(actor: Actor) -> bool:
    """The shipped set is loaded by Assay itself, or by whoever steers the AIMS."""
    return actor.holds(*STEWARDS)
