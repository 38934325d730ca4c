"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register the verification job, who watches the logs, where references lead, what is frozen, and lineage.

        Commands and workers tell records too, so every room's events are declared here and not by its addresses only.
        """
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from ledger.ports import on_alarm  # noqa: PLC0415
        from trace import alarm, deep, ports, verifying, watching  # noqa: PLC0415
        from trace.lineage import providers  # noqa: PLC0415

        autodiscover_modules("events")
        registry.handles(verifying.KIND, verifying.work, verifying.finish)
        registry.every(timedelta(minutes=5), watching.SCHEDULE, watching.watch_all)
        on_alarm(alarm.alarm)
        ports.register_defaults()
        providers.register_defaults()
        for check in (deep.versions, deep.assessments, deep.evidence):
            ports.checks_deep(check)
