"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate


class AimsConfig(AppConfig):
    """Who we are."""

    name = "aims"

    def ready(self) -> None:
        """Keep walls and criteria as they are, have a session remember its roles, and sweep up after sign-ins."""
        from accounts.sweeping import sweep  # noqa: PLC0415  (models are not loaded when this module is)
        from aims import walls  # noqa: PLC0415
        from aims.entering import remember_roles_at_sign_in  # noqa: PLC0415
        from aims.models import Criteria  # noqa: PLC0415
        from aims.walls import checks  # noqa: PLC0415
        from jobs.registry import every  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415

        pre_migrate.connect(walls.prepare, sender=self, dispatch_uid="aims-walls")
        post_migrate.connect(walls.install, sender=self, dispatch_uid="aims-walls")
        register(checks.walls_are_up, "aims")
        guards.protect(Criteria)
        every(timedelta(days=1), "accounts.sweep", sweep)
        user_logged_in.connect(remember_roles_at_sign_in, dispatch_uid="aims.roles")
