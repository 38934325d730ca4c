"""Who holds a role now and can be reached by mail."""

from django.db.models import Q

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from aims.invitations import has_address
from aims.models import Membership

ALARMED = (Role.ADMINISTRATOR, Role.OFFICER)


def holders(*roles: Role) -> list[User]:
    """Return the people of the AIMS in context who hold one of the roles, in the order of the roles; one query."""
    now = clock.now()
    rows = Membership.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), role__in=roles)
    rows = rows.filter(revoked_at__isnull=True, valid_from__lte=now, user__is_active=True).select_related("user")
    found = sorted(rows, key=lambda row: (roles.index(Role(row.role)), row.user_id))
    people = {row.user_id: row.user for row in found}
    return [person for person in people.values() if has_address(person)]
