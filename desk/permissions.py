"""Who may begin an AIMS."""

from collections.abc import Collection

from accounts.roles import Role
from accounts.verbs import verb


@verb("Begin an AIMS of one's own")
def may_start(held: Collection[Role]) -> bool:
    """Everybody with an account, but not people whose only roles anywhere are to certify others."""
    return set(held) != {Role.CERTIFIER}
