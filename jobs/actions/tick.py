"""One beat of the ticker: every schedule that fell due since it last ran is claimed once and run."""

import logging
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from accounts import clock
from jobs.models import ScheduleRun
from jobs.registry import Schedule, beginnings, schedules

log = logging.getLogger(__name__)

KEPT_RUNS = 100


def tick() -> list[str]:
    """Run what is due and return the names of what ran; catching up after downtime runs the latest instant once."""
    return [schedule.name for schedule in schedules() if _claim(schedule) and _run(schedule)]


def begin() -> None:
    """Do what a ticker does once when it starts; what fails holds up nothing else."""
    for run in beginnings():
        try:
            run()
        except Exception:
            log.exception("Something that a ticker does when it starts failed.")


def _run(schedule: Schedule) -> bool:
    try:
        schedule.run()
    except Exception:
        log.exception("The schedule %s failed; its next instant tries again.", schedule.name)
        return False
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
    ScheduleRun.objects.filter(schedule=schedule.name, due_at__lt=due_at - KEPT_RUNS * schedule.every).delete()
    return True
