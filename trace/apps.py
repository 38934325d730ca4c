"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register what the verification job does, who watches the logs, and where references lead."""
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from ledger.ports import on_alarm  # noqa: PLC0415
        from trace import alarm, ports, verifying, watching  # noqa: PLC0415

        registry.handles(verifying.KIND, verifying.work, verifying.finish)
        registry.every(timedelta(minutes=5), watching.SCHEDULE, watching.watch_all)
        on_alarm(alarm.alarm)
        ports.register_defaults()
