"""The room's registration with Django."""

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """What AI we run."""

    name = "systems"

    def ready(self) -> None:
        """Keep the gates of the life cycle, and have the database hold what was signed."""
        from aims.walls import keeps_rows  # noqa: PLC0415  (models load after the apps)
        from ledger import guards  # noqa: PLC0415
        from systems.lifecycle import holding, keepers  # noqa: PLC0415
        from systems.models import Advice, Signature  # noqa: PLC0415
        from systems.ports import keeps_gate  # noqa: PLC0415

        guards.protect(Signature, Advice)
        keeps_rows(*holding.rules())
        for keeper in keepers.KEEPERS:
            keeps_gate(keeper)
