"""The room's registration with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What we hand over."""

    name = "reports"

    def ready(self) -> None:
        """Tell what a report job does, which stored files are reports, and how they are held against the chain."""
        from evidence.ports import stores_files  # noqa: PLC0415  (models are not loaded before this)
        from jobs.registry import handles  # noqa: PLC0415
        from reports.actions.ask import KIND  # noqa: PLC0415
        from reports.kept import report_files, unlike_their_records  # noqa: PLC0415
        from reports.work import finish, work  # noqa: PLC0415
        from trace.ports import checks_deep  # noqa: PLC0415

        handles(KIND, work, finish)
        stores_files(report_files)
        checks_deep(unlike_their_records)
