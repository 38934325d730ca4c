"""Who may say how people sign in."""

from accounts.actor import Actor
from accounts.roles import Role
from accounts.verbs import verb
from aims.models import Aims
from signon.models import Identity


@verb("Say how people sign in")
def may_configure(actor: Actor, _aims: Aims) -> bool:
    """Whoever decides this decides who comes in: administrators only."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR)


@verb("Cut a link to an identity provider")
def may_unlink(actor: Actor, identity: Identity) -> bool:
    """A link is cut by whose it is, or by an administrator."""
    return actor.is_person and (identity.user_id == actor.user_id or actor.holds(Role.ADMINISTRATOR))
