"""Who may change what the management system is."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from aims.models import Aims


def may_manage(actor: Actor, _aims: Aims) -> bool:
    """Scope, obligations and criteria are for compliance officers and administrators."""
    return actor.is_person and actor.holds(*STEWARDS)


def may_grant(actor: Actor, _aims: Aims) -> bool:
    """Roles are granted and revoked by people who administer the AIMS or steer it."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR, Role.OFFICER)
