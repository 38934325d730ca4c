"""The room's registration with Django."""

from django.apps import AppConfig
from django.urls import reverse


class ReportsConfig(AppConfig):
    """What we hand over."""

    name = "reports"

    def ready(self) -> None:
        """Tell the job table what a report job does, and the chain where a certificate is shown."""
        from jobs.registry import handles  # noqa: PLC0415  (models are not loaded before this)
        from reports.actions.ask import KIND  # noqa: PLC0415
        from reports.work import finish, work  # noqa: PLC0415
        from trace.ports import leads_to  # noqa: PLC0415

        handles(KIND, work, finish)
        leads_to("certificate", lambda slug, _code: reverse("reports:certificate", args=[slug]))
