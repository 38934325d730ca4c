"""The room's registration with Django."""

from django.apps import AppConfig
from django.urls import reverse


class ReportsConfig(AppConfig):
    """What we hand over."""

    name = "reports"

    def ready(self) -> None:
        """Tell the job table what this room's jobs do, and the chain where certificates and packs are shown."""
        from jobs.registry import handles  # noqa: PLC0415  (models are not loaded before this)
        from reports import pack_work, work  # noqa: PLC0415
        from reports.actions.ask import KIND  # noqa: PLC0415
        from reports.actions.pack import KIND as PACK_KIND  # noqa: PLC0415
        from trace.ports import leads_to  # noqa: PLC0415

        handles(KIND, work.work, work.finish)
        handles(PACK_KIND, pack_work.work, pack_work.finish)
        leads_to("certificate", lambda slug, _code: reverse("reports:certificate", args=[slug]))
        leads_to("pack", lambda slug, code: reverse("reports:pack", args=[slug, code]))
