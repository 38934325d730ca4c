"""The room's registration with Django."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """What happened."""

    name = "ledger"

    def ready(self) -> None:
        """Keep guards and grants in place after every migration of any room, and look at them at every start."""
        from ledger import checks, guards, roles  # noqa: PLC0415  (models are not loaded when this module is)

        post_migrate.connect(guards.install, sender=self, dispatch_uid="ledger-guards")
        post_migrate.connect(roles.divide, sender=self, dispatch_uid="ledger-roles")
        register(checks.guards_are_in_place, "ledger")
        register(checks.roles_are_divided, "ledger")
