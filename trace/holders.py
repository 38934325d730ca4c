"""Who holds a role now and can be reached by mail."""

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from aims.invitations import has_address
from aims.live import in_force
from aims.models import Membership

ALARMED = (Role.ADMINISTRATOR, Role.OFFICER)


def holders(*roles: Role) -> list[User]:
    """Return the people of the AIMS in context who hold one of the roles, in the order of the roles; one query."""
    rows = Membership.objects.filter(in_force(clock.now()), role__in=roles, user__is_active=True)
    found = sorted(rows.select_related("user"), key=lambda row: (roles.index(Role(row.role)), row.user_id))
    people = {row.user_id: row.user for row in found}
    return [person for person in people.values() if has_address(person)]
