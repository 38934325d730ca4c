"""What somebody owes: tasks, each about one subject."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts import clock
from accounts.tenancy import ScopedManager


class Task(models.Model):
    """One thing to do for one person; closed by whoever did it, never deleted."""

    aims_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    title = models.CharField(max_length=240)
    address = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="tasks")
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Task"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Task"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["aims_id", "owner", "closed_at", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["aims_id", "kind", "subject"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_task_per_kind_and_subject",
            )
        ]

    def __str__(self) -> str:
        return self.title
