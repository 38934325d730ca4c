"""When a membership is in force: begun, not ended, not revoked; a deputy's only while the role they stand in for is."""

from datetime import datetime

from django.db.models import Q


def in_force(at: datetime, path: str = "") -> Q:
    """Return the condition for memberships, or for rows that reach one by `path`, such as `seat__`."""
    principal = f"{path}deputises__"
    return holds(at, path) & (Q(**{f"{path}deputises__isnull": True}) | holds(at, principal))


def holds(at: datetime, path: str = "") -> Q:
    """Return the condition of one row alone, whoever else it may stand in for."""
    revoked, until = f"{path}revoked_at", f"{path}valid_until"
    begun = Q(**{f"{path}valid_from__lte": at})
    not_revoked = Q(**{f"{revoked}__isnull": True}) | Q(**{f"{revoked}__gt": at})
    return begun & not_revoked & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": at}))
