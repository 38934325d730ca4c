"""Who may see to work that could not end by itself."""

from accounts.actor import Actor
from accounts.roles import Role
from accounts.verbs import verb


@verb("See to jobs and mail that stopped")
def may_keep_up(actor: Actor) -> bool:
    """People who administer the AIMS."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR)
