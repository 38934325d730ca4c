"""Shut a person out of the installation: their sessions and tokens end at once, what they did stays."""

from django.db import transaction

from accounts import sessions
from accounts.models import User


@transaction.atomic
def disable_person(user: User) -> User:
    """Let the person sign in no more."""
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = False
    row.save(update_fields=["is_active"])
    sessions.end_all(row)
    return row


@transaction.atomic
def enable_person(user: User) -> User:
    """Let the person sign in again; their tokens were not revoked and open again too."""
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = True
    row.save(update_fields=["is_active"])
    return row
