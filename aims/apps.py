"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AimsConfig(AppConfig):
    """Who we are."""

    name = "aims"

    def ready(self) -> None:
        """Have a session remember the roles it began under, and sweep up every day what sign-ins leave behind."""
        from accounts.sweeping import sweep  # noqa: PLC0415  (models are loaded by now)
        from aims.entering import remember_roles_at_sign_in  # noqa: PLC0415
        from jobs.registry import every  # noqa: PLC0415

        every(timedelta(days=1), "accounts.sweep", sweep)
        user_logged_in.connect(remember_roles_at_sign_in, dispatch_uid="aims.roles")
