"""To whom checkpoints are sent: the auditors named in the AIMS, as long as their membership is in force."""

from django.db.models import QuerySet

from accounts import clock
from accounts.roles import STEWARDS, Role
from aims.invitations import has_address
from aims.live import in_force as holds_at
from aims.models import Membership

AUDITING = (Role.CERTIFIER, Role.AUDITOR)


def in_force(*roles: Role) -> QuerySet[Membership]:
    """Return the memberships of the AIMS in context that hold now: begun, not ended, not revoked, the person active."""
    rows = Membership.objects.filter(holds_at(clock.now()), role__in=roles, user__is_active=True)
    return rows.select_related("user").order_by("pk")


def auditors() -> list[Membership]:
    """Return one membership for each auditor whom mail can reach, those of the certification body first; one query."""
    rows = sorted(in_force(*AUDITING), key=lambda row: AUDITING.index(Role(row.role)))
    found: dict[int, Membership] = {}
    for row in rows:
        if has_address(row.user):
            found.setdefault(row.user_id, row)
    return list(found.values())


def steward() -> int | None:
    """Return who sees to it when copies cannot be made: a compliance officer, or else an administrator."""
    rows = sorted(in_force(*STEWARDS), key=lambda row: row.role != Role.OFFICER)
    return rows[0].user_id if rows else None
