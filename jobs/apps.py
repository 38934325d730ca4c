"""The room's registration with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """What runs later."""

    name = "jobs"

    def ready(self) -> None:
        """Have a worker say that it is alive."""
        from jobs.worker import listen  # noqa: PLC0415  (models are not loaded when this module is)

        listen()
