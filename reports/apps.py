"""The room's registration with Django."""

from django.apps import AppConfig
from django.urls import reverse


class ReportsConfig(AppConfig):
    """What we hand over."""

    name = "reports"

    def ready(self) -> None:
        """Tell what this room's jobs do, where its things are shown, which files it keeps and what holds them."""
        from aims.ports import shares  # noqa: PLC0415  (models are not loaded before this)
        from evidence.ports import stores_files  # noqa: PLC0415
        from jobs.registry import handles  # noqa: PLC0415
        from reports import kept, pack_work, plans, work  # noqa: PLC0415
        from reports.actions.ask import KIND  # noqa: PLC0415
        from reports.actions.pack import KIND as PACK_KIND  # noqa: PLC0415
        from reports.shared import PACKS, REPORTS  # noqa: PLC0415
        from trace.ports import checks_deep, leads_to  # noqa: PLC0415

        shares(PACKS)
        shares(REPORTS)
        handles(KIND, work.work, work.finish)
        handles(PACK_KIND, pack_work.work, pack_work.finish)
        handles(plans.KIND, plans.work, plans.finish)
        leads_to("certificate", lambda slug, _code: reverse("reports:certificate", args=[slug]))
        leads_to("pack", lambda slug, code: reverse("reports:pack", args=[slug, code]))
        for files in (kept.report_files, kept.pack_files, plans.plan_files):
            stores_files(files)
        for check in (kept.unlike_their_records, kept.packs_unlike_their_records):
            checks_deep(check)
