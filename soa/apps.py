"""The room's registration with Django."""

from django.apps import AppConfig


class SoaConfig(AppConfig):
    """What we decided."""

    name = "soa"

    def ready(self) -> None:
        """Let the database keep what was frozen and approved; look again at exclusions when systems change."""
        from aims.ports import shares  # noqa: PLC0415  (models load after the apps)
        from changes.ports import touches  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from soa.actions import reopen  # noqa: PLC0415
        from soa.models import StatementVersion  # noqa: PLC0415
        from soa.shared import VERSIONS  # noqa: PLC0415
        from soa.touched import entries_touched  # noqa: PLC0415
        from systems.ports import hears_of_edits, hears_of_scope  # noqa: PLC0415

        guards.keep(StatementVersion, "body", "digest")
        shares(VERSIONS)
        touches(entries_touched)
        hears_of_edits(reopen.on_edit)
        hears_of_scope(reopen.on_scope)
