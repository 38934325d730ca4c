"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """What AI we run."""

    name = "systems"

    def ready(self) -> None:
        """Look every day for statements of completeness that run out."""
        from jobs.registry import every  # noqa: PLC0415  (models are loaded by now)
        from systems.actions import tell_of_completeness  # noqa: PLC0415

        every(timedelta(days=1), "systems.completeness", tell_of_completeness)
