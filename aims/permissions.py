"""Who may change what the management system is."""

from accounts.actor import Actor
from accounts.models import Token, TokenKind
from accounts.roles import STEWARDS, Role
from aims.models import Aims, SavedView


def may_manage(actor: Actor, _aims: Aims) -> bool:
    """Scope, obligations and criteria are for compliance officers and administrators."""
    return actor.is_person and actor.holds(*STEWARDS)


def may_grant(actor: Actor, _aims: Aims) -> bool:
    """Roles are granted and revoked by people who administer the AIMS or steer it."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR, Role.OFFICER)


def may_issue(actor: Actor, _aims: Aims, kind: str) -> bool:
    """Everybody issues tokens for themselves; those of services and agents are the stewards' to issue."""
    return actor.is_person and (kind == TokenKind.PERSONAL or actor.holds(*STEWARDS))


def may_revoke(actor: Actor, token: Token) -> bool:
    """A token is revoked by whose it is, or by the stewards of its AIMS."""
    return actor.is_person and (token.user_id == actor.user_id or actor.holds(*STEWARDS))


def may_keep_views(actor: Actor) -> bool:
    """People keep views of lists for themselves, whatever their role."""
    return actor.is_person and actor.user_id is not None


def may_share_views(actor: Actor) -> bool:
    """Stewards share a view with everybody of the AIMS."""
    return actor.is_person and actor.holds(*STEWARDS)


def may_change_view(actor: Actor, view: SavedView) -> bool:
    """A view is changed by whose it is, a shared one by stewards too."""
    return actor.is_person and (view.owner_id == actor.user_id or (view.is_shared and actor.holds(*STEWARDS)))
