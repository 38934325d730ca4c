"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.core.checks import register


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register what the room's jobs do and when, where references lead, and what is looked at when starting."""
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from trace import checks, ports, verifying  # noqa: PLC0415
        from trace.actions.send_checkpoint import TOPIC, note_sent  # noqa: PLC0415
        from trace.anchoring import keeping, mailing, schedule, stamping  # noqa: PLC0415

        for job in (verifying, mailing, keeping, stamping):
            registry.handles(job.KIND, job.work, job.finish)
        registry.every(timedelta(hours=1), schedule.DAILY, schedule.ask_each_day)
        registry.every(timedelta(hours=1), schedule.HOURLY, schedule.ask_each_hour)
        registry.at_start(schedule.START, schedule.ask_at_start)
        registry.when_sent(TOPIC, note_sent)
        register(checks.anchors_can_work, "trace")
        ports.register_defaults()
