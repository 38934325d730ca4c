"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Where a person's day starts."""

    name = "desk"

    def ready(self) -> None:
        """Ask for reminders every hour; each AIMS is reminded once on each of its own days."""
        from desk import reminders  # noqa: PLC0415  (models are not loaded when this module is)
        from jobs.registry import every, handles  # noqa: PLC0415

        handles(reminders.KIND, reminders.work, reminders.finish)
        every(timedelta(hours=1), reminders.KIND, reminders.ask_for_reminders)
