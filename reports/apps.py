"""The room's registration with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What we hand over."""

    name = "reports"

    def ready(self) -> None:
        """Tell the job table what a report job does, and the store which of its files are reports."""
        from evidence.ports import stores_files  # noqa: PLC0415  (models are not loaded before this)
        from jobs.registry import handles  # noqa: PLC0415
        from reports.actions.ask import KIND  # noqa: PLC0415
        from reports.kept import report_files  # noqa: PLC0415
        from reports.work import finish, work  # noqa: PLC0415

        handles(KIND, work, finish)
        stores_files(report_files)
