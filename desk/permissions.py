"""Who may begin an AIMS."""

from accounts.models import User
from accounts.roles import Role
from aims.queries import roles_by_aims


def may_start(user: User) -> bool:
    """Everybody with an account, but not people who are here only to certify others; one query."""
    held = {role for roles in roles_by_aims(user).values() for role in roles}
    return held != {Role.CERTIFIER}
