"""Who wrote a version, and so who may not approve it."""

from django.db.models import Q

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from aims.models import Membership
from ledger.models import Record
from soa.events import APPROVED, CHANGES
from soa.models import StatementVersion


def authors_of(version: StatementVersion) -> frozenset[str]:
    """Return the pseudonyms of everyone who changed a row between the last approved version and this submission."""
    rows = Record.objects.filter(event__in=CHANGES, occurred_at__lte=version.submitted_at)
    last = Record.objects.filter(event=APPROVED.name, occurred_at__lt=version.submitted_at).order_by("-pk").first()
    if last is not None:
        since = StatementVersion.objects.filter(
            decided_at__isnull=False, number=version.number - 1, state__in=["approved", "superseded"]
        )
        start = since.values_list("submitted_at", flat=True).first() or last.occurred_at
        rows = rows.filter(occurred_at__gt=start)
    return frozenset(rows.values_list("pseudonym", flat=True).distinct())


def approvers_for(version: StatementVersion) -> list[User]:
    """Return the people who may approve it: approvers who neither submitted nor wrote any of it."""
    now = clock.now()
    live = Membership.objects.filter(role=Role.APPROVER, revoked_at__isnull=True, valid_from__lte=now)
    live = live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now))
    people = User.objects.filter(pk__in=live.values("user_id"), is_active=True)
    people = people.exclude(pk=version.submitted_by_id or 0).exclude(pseudonym__in=authors_of(version))
    return list(people.order_by("name", "email"))
