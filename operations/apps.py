"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What the systems do once they run."""

    name = "operations"

    def ready(self) -> None:
        """Show and gate systems by what is measured; close hours and work at night."""
        from jobs.registry import every, handles  # noqa: PLC0415  (models are loaded by now)
        from operations import job  # noqa: PLC0415
        from operations.cards import shown  # noqa: PLC0415
        from operations.standing import gate  # noqa: PLC0415
        from systems.ports import keeps_gate, shows_on_system  # noqa: PLC0415

        shows_on_system(shown)
        keeps_gate(gate)
        handles(job.KIND, job.work, job.finish)
        every(timedelta(days=1), job.KIND, job.ask_nightly)
        every(timedelta(minutes=5), "operations.hours", job.close_all)
