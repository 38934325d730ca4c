"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.urls import reverse


class UpkeepConfig(AppConfig):
    """What those ask who keep an installation running: is it ready, how does it do, what is wrong with it."""

    name = "upkeep"

    def ready(self) -> None:
        """Look after work and mail that need a person, and tell where what was decided about them is shown."""
        from jobs.registry import every  # noqa: PLC0415  (models are loaded by now)
        from trace.ports import leads_to  # noqa: PLC0415
        from upkeep.actions import tell_stewards  # noqa: PLC0415

        every(timedelta(minutes=5), "upkeep.watch", tell_stewards)
        for kind in ("job", "mail"):
            leads_to(kind, lambda slug, _code: reverse("upkeep:work", args=[slug]))
