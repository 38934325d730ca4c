"""Who may change what the management system is."""

from accounts.actor import Actor
from accounts.models import Token, TokenKind
from accounts.roles import INSIDERS, STEWARDS, Role
from accounts.verbs import verb
from aims.models import Aims, Membership, SavedView


@verb("Describe the organisation; state scope; keep obligations")
def may_manage(actor: Actor, _aims: Aims) -> bool:
    """Scope, obligations and criteria are for compliance officers and administrators."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Invite people; grant, revoke and date roles")
def may_grant(actor: Actor, _aims: Aims) -> bool:
    """Roles are granted and revoked by people who administer the AIMS or steer it."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR, Role.OFFICER)


@verb("Share something with a seat")
def may_share(actor: Actor, _aims: Aims) -> bool:
    """What the certification body reads is chosen by people who administer the AIMS or steer it."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Name or end a deputy")
def may_deputise(actor: Actor, membership: Membership) -> bool:
    """Whose role it is, and administrators. A deputy hands nothing on, and a seat has no deputy."""
    own = (held for held in actor.authorities if held.deputy_of is None and held.role != Role.CERTIFIER)
    is_own = not actor.is_looking_back and any(held.membership_id == membership.pk for held in own)
    return actor.is_person and (is_own or actor.holds(Role.ADMINISTRATOR))


@verb("Issue a token")
def may_issue(actor: Actor, _aims: Aims, kind: TokenKind) -> bool:
    """Members issue tokens for themselves, the certification body none; for machines the stewards do."""
    return actor.is_person and actor.holds(*(INSIDERS if kind == TokenKind.PERSONAL else STEWARDS))


@verb("Revoke a token")
def may_revoke(actor: Actor, token: Token) -> bool:
    """A token is revoked by whose it is, or by the stewards of its AIMS."""
    return actor.is_person and (token.user_id == actor.user_id or actor.holds(*STEWARDS))


@verb("Keep a view of a list for oneself")
def may_keep_views(actor: Actor) -> bool:
    """People keep views of lists for themselves, whatever their role; a seat sees no lists."""
    return actor.is_person and actor.user_id is not None and not actor.is_seat


@verb("Share a view of a list")
def may_share_views(actor: Actor) -> bool:
    """Stewards share a view with everybody of the AIMS."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Change or delete a view of a list")
def may_change_view(actor: Actor, view: SavedView) -> bool:
    """A view is changed by whose it is, a shared one by stewards too."""
    is_own = view.owner_id == actor.user_id and not actor.is_seat
    return actor.is_person and (is_own or (view.is_shared and actor.holds(*STEWARDS)))
