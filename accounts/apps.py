"""The room's registration with Django."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import register
from django.db.models.signals import pre_save


class AccountsConfig(AppConfig):
    """Who acts."""

    name = "accounts"

    def ready(self) -> None:
        """Note when sessions begin, keep little about them, and warn of a cache that processes do not share."""
        from allauth.usersessions.models import UserSession  # noqa: PLC0415  (models are loaded by now)

        from accounts import checks, sessions  # noqa: PLC0415

        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.begin")
        pre_save.connect(sessions.keep_little, sender=UserSession, dispatch_uid="accounts.keep_little")
        register(checks.cache_is_shared)
