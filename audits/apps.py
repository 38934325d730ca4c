"""The room's registration with Django."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    """Who tested it."""

    name = "audits"

    def ready(self) -> None:
        """Tell which audits a seat can be given for."""
        from aims.ports import shares  # noqa: PLC0415  (models are not loaded before this)
        from audits.shared import AUDITS  # noqa: PLC0415

        shares(AUDITS)
