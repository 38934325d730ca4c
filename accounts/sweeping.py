"""Sweep up what signing in leaves behind: nothing about a person is kept longer than it is used."""

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts import clock
from accounts.models import CacheEntry

ATTEMPTS_KEPT = timedelta(days=1)


def sweep() -> None:
    """Delete sessions that are over and their lines in the list, old failures of signing in, and a stale cache."""
    now = clock.now()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    over = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    UserSession.objects.filter(created_at__lt=over).exclude(session_key__in=Session.objects.values("pk")).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()
    CacheEntry.objects.filter(expires__lt=now).delete()
