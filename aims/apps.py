"""The room's registration with Django."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate


class AimsConfig(AppConfig):
    """Who we are."""

    name = "aims"

    def ready(self) -> None:
        """Keep the walls between tenants up after every migration of any room, and look at them at every start."""
        from aims import walls  # noqa: PLC0415  (models are not loaded when this module is)
        from aims.walls import checks  # noqa: PLC0415

        pre_migrate.connect(walls.prepare, sender=self, dispatch_uid="aims-walls")
        post_migrate.connect(walls.install, sender=self, dispatch_uid="aims-walls")
        register(checks.walls_are_up, "aims")
