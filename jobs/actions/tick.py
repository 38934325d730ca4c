"""One beat of the ticker: every schedule that fell due since it last ran is claimed once and run."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import clock
from jobs.models import ScheduleRun
from jobs.registry import Schedule, beginnings, schedules

log = logging.getLogger(__name__)

KEPT_RUNS = 100
UNFINISHED_AFTER = timedelta(minutes=10)


def tick() -> list[str]:
    """Run what is due and return the names of what ran; catching up after downtime runs the latest instant once.

    What runs may run twice: a ticker that was killed in between leaves its instant to another.
    """
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
        log.exception("The schedule %s failed; it is tried again in ten minutes.", schedule.name)
        return False
    ScheduleRun.objects.filter(schedule=schedule.name, due_at=_due(schedule)).update(finished_at=clock.now())
    return True


def _due(schedule: Schedule) -> datetime:
    now = clock.now()
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    return midnight + (now - midnight) // schedule.every * schedule.every


def _claim(schedule: Schedule) -> bool:
    due_at = _due(schedule)
    newest = ScheduleRun.objects.filter(schedule=schedule.name, due_at__gte=due_at).order_by("-due_at").first()
    if newest is not None:
        return _claim_anew(newest)
    try:
        with transaction.atomic():
            ScheduleRun.objects.create(schedule=schedule.name, due_at=due_at)
    except IntegrityError:
        return False
    ScheduleRun.objects.filter(schedule=schedule.name, due_at__lt=due_at - KEPT_RUNS * schedule.every).delete()
    return True


def _claim_anew(run: ScheduleRun) -> bool:
    """Take over an instant whose ticker was killed or whose run failed; of two tickers only one succeeds."""
    now = clock.now()
    if run.finished_at is not None or run.claimed_at > now - UNFINISHED_AFTER:
        return False
    rows = ScheduleRun.objects.filter(pk=run.pk, finished_at=None, claimed_at=run.claimed_at)
    return bool(rows.update(claimed_at=now))
