"""One beat of the ticker: every schedule that fell due since it last ran is claimed once and run."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import clock
from jobs.models import ScheduleRun
from jobs.registry import Schedule, schedules


def tick() -> list[str]:
    """Run what is due and return the names of what ran; catching up after downtime runs the latest instant once."""
    return [schedule.name for schedule in schedules() if _claim(schedule) and _run(schedule)]


def _run(schedule: Schedule) -> bool:
    schedule.run()
    return True


def _due(schedule: Schedule) -> datetime:
    now = clock.now()
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    return midnight + (now - midnight) // schedule.every * schedule.every


def _claim(schedule: Schedule) -> bool:
    due_at = _due(schedule)
    if ScheduleRun.objects.filter(schedule=schedule.name, due_at__gte=due_at).exists():
        return False
    try:
        with transaction.atomic():
            ScheduleRun.objects.create(schedule=schedule.name, due_at=due_at)
    except IntegrityError:
        return False
    ScheduleRun.objects.filter(schedule=schedule.name, due_at__lt=due_at - timedelta(days=40)).delete()
    return True
