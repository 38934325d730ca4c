"""What has to happen by itself: the processes that do it, and what they left undone."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Min

from accounts import clock
from config.release import RELEASE
from jobs.actions import mark_of_secrets
from jobs.models import Delivery, DeliveryState, Heartbeat, Job, JobState
from upkeep.doctor.shape import Found, fail, ok, warn

ALIVE = timedelta(seconds=60)
LATE = timedelta(minutes=5)
STUCK = timedelta(minutes=10)
BACKUP_WARNS, BACKUP_FAILS = timedelta(hours=36), timedelta(days=7)


def _alive(kind: str, start: str) -> Callable[[], Found]:
    """Return the check of one kind of process."""

    def check() -> Found:
        since = clock.now() - ALIVE
        count = Heartbeat.objects.filter(kind=kind, beat_at__gte=since).count()
        return ok(f"{count} alive.") if count else fail(f"No {kind} is alive.", f"Start one: `{start}`.")

    check.__name__ = kind
    return check


worker = _alive("worker", "celery -A config worker")
ticker = _alive("ticker", "manage.py ticker")


def releases() -> Found:
    """All processes run the code that this is."""
    others = _distinct("release") - {RELEASE}
    if others:
        words = f"Processes of {', '.join(sorted(others))} run beside {RELEASE}."
        return warn(words, "That is right during an upgrade; afterwards restart them.")
    return ok(f"All that runs is {RELEASE}.")


def same_secrets() -> Found:
    """All processes were given the secrets that this one was given."""
    if _distinct("secrets") - {mark_of_secrets()}:
        mend = "Give every machine the same SECRET_KEY, LEDGER_KEY and SIGNING_SECRET, then restart all processes."
        return fail("A process that runs has other secrets than this one.", mend)
    return ok("All processes that say so have the same secrets.")


def _distinct(column: str) -> set[str]:
    since = clock.now() - ALIVE
    running = Heartbeat.objects.filter(beat_at__gte=since).exclude(kind="backup")
    return {value for value in running.values_list(column, flat=True) if value}


def waiting_jobs() -> Found:
    """Nothing that is due waits for long."""
    due = Job.objects.filter(state=JobState.QUEUED, wake_at__lte=clock.now())
    oldest = due.aggregate(oldest=Min("created_at"))["oldest"]
    if oldest and clock.now() - oldest > LATE:
        minutes = round((clock.now() - oldest).total_seconds() / 60)
        return warn(f"{due.count()} jobs wait, the oldest for {minutes} minutes.", "Start more workers.")
    return ok("No job waits for long.")


def dead_jobs() -> Found:
    """Jobs that used up their attempts need a person."""
    if count := Job.objects.filter(state=JobState.DEAD).count():
        mend = "An administrator looks at Scope and people, Jobs and mail, and tries each again or gives it up."
        return warn(f"{count} {'job was' if count == 1 else 'jobs were'} given up after the last attempt.", mend)
    return ok("No job was given up.")


def mail() -> Found:
    """Mail leaves, and a person looked at what may or may not have."""
    if "console" in settings.EMAIL_BACKEND:
        return warn("Mail is printed and not sent.", "Set EMAIL_URL.")
    early = clock.now() - STUCK
    unsure = Delivery.objects.filter(state=DeliveryState.SENDING, created_at__lt=early).count()
    failed = Delivery.objects.filter(state=DeliveryState.FAILED).count()
    if unsure or failed:
        mend = "An administrator looks at Scope and people, Jobs and mail."
        return warn(f"{unsure} mails were cut off on their way, {failed} were refused.", mend)
    late = Delivery.objects.filter(state=DeliveryState.NEW, created_at__lt=early).count()
    if late:
        return fail(f"{late} mails wait for more than ten minutes.", "See that EMAIL_URL is right and its server runs.")
    return ok("No mail waits.")


def backups() -> Found:
    """A backup was made lately."""
    made = Heartbeat.objects.filter(kind="backup").order_by("-beat_at").first()
    mend = "Run `manage.py backup --out DIR` every night; deploy/systemd/assay-backup.timer does."
    if made is None:
        return warn("No backup was ever made.", mend)
    age = clock.now() - made.beat_at
    words = f"The last backup is {round(age.total_seconds() / 3600)} hours old."
    if age > BACKUP_WARNS:
        return (fail if age > BACKUP_FAILS else warn)(words, mend)
    return ok(words)


CHECKS = (worker, ticker, releases, same_secrets, waiting_jobs, dead_jobs, mail, backups)
