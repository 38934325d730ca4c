"""What runs later: jobs, the instants schedules fell due, and messages on their way (trust.md section 4)."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
MAX_ATTEMPTS = 4
PATIENCE = timedelta(seconds=20)


class JobState(models.TextChoices):
    """A job's life; dead means that every attempt was used up and a person has to look."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


FINISHED = (JobState.DONE, JobState.FAILED, JobState.DEAD, JobState.CANCELLED)


class Job(models.Model):
    """A piece of work written in the transaction that asked for it; Celery only carries its id.

    From `wake_at` on, a queued job counts as forgotten by the queue, and the sweeper wakes it.
    """

    ref_kind: ClassVar[str] = "job"

    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200)
    aims_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(default=clock.now)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=120, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "dedupe_key"], name="one_job_per_key")]
        indexes = [models.Index(fields=["state", "lease_until"]), models.Index(fields=["state", "wake_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in FINISHED

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain knows what a person decided about it."""
        return f"{self.ref_kind}:{self.pk}"

    @property
    def version(self) -> int:
        """Which attempt it is at."""
        return self.attempt


class ScheduleRun(models.Model):
    """A schedule's due instant, claimed once: a second ticker is harmless.

    One whose ticker was killed, or whose run failed, never says `finished_at`, and is claimed anew.
    """

    schedule = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="one_run_per_due_instant")]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """A process that said lately that it is alive: which kind it is, where it runs, and when it last said so.

    `secrets` is a mark (hex) of the secrets it was given, and `release` its code: both have to be the same everywhere.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    secrets = models.CharField(max_length=16, blank=True)
    release = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_heartbeat_per_process")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class DeliveryState(models.TextChoices):
    """`sending` that stays is reconciled by a person, never sent again by itself."""

    NEW = "new", _("To be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One e-mail; its key makes it unique and its Message-ID follows from the key.

    `topic` names who is told once it was sent, and `about` what they need to know. `settled_at` is when a person gave
    up one that was refused or cut off.
    """

    ref_kind: ClassVar[str] = "mail"

    key = models.CharField(max_length=200, unique=True)
    aims_id = models.BigIntegerField(null=True, db_index=True)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120)
    topic = models.CharField(max_length=60, blank=True)
    about = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.NEW)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain knows what a person decided about it."""
        return f"{self.ref_kind}:{self.pk}"

    @property
    def version(self) -> int:
        """A mail never changes."""
        return 1


class Attachment(models.Model):
    """A file that goes with an e-mail, byte for byte."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.name
