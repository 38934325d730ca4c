"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register the room's jobs and schedules, who watches logs, where references lead, what is frozen, and lineage.

        Commands and workers tell records too, so every room's events are declared here and not by its addresses only.
        """
        from aims.ports import shares  # noqa: PLC0415  (models are not loaded when this module is)
        from trace import deep, ports  # noqa: PLC0415
        from trace.lineage import providers  # noqa: PLC0415
        from trace.shared import CHAIN  # noqa: PLC0415

        autodiscover_modules("events")
        self._register_work()
        shares(CHAIN)
        ports.register_defaults()
        providers.register_defaults()
        for check in (deep.versions, deep.assessments, deep.evidence):
            ports.checks_deep(check)

    def _register_work(self) -> None:
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from ledger.ports import on_alarm  # noqa: PLC0415
        from trace import alarm, checks, verifying, watching  # noqa: PLC0415
        from trace.actions.send_checkpoint import TOPIC, note_sent  # noqa: PLC0415
        from trace.anchoring import keeping, mailing, schedule, stamping  # noqa: PLC0415

        for job in (verifying, mailing, keeping, stamping):
            registry.handles(job.KIND, job.work, job.finish)
        registry.every(timedelta(minutes=5), watching.SCHEDULE, watching.watch_all)
        registry.every(timedelta(hours=1), schedule.DAILY, schedule.ask_each_day)
        registry.every(timedelta(hours=1), schedule.HOURLY, schedule.ask_each_hour)
        registry.at_start(schedule.START, schedule.ask_at_start)
        registry.when_sent(TOPIC, note_sent)
        on_alarm(alarm.alarm)
        register(checks.anchors_can_work, "trace")
