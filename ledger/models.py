"""Append-only tables: records, their numbers and leaves, and the head of each log (trust.md section 1)."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from accounts import clock
from accounts.tenancy import ScopedManager


def new_origin() -> str:
    """Return the lasting name of a log, as checkpoints will print it (C2SP tlog-checkpoint origin)."""
    return f"assay/{uuid4()}"


class Log(models.Model):
    """The head of one AIMS's Merkle log: leaves, frontier and root (hex), and what verification last said of it."""

    aims_id = models.BigIntegerField(unique=True)
    origin = models.CharField(max_length=80, unique=True, default=new_origin)
    size = models.BigIntegerField(default=0)
    frontier = models.JSONField(default=list)
    root = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True)
    verified_size = models.BigIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Log"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Log"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.origin


class Record(models.Model):
    """One governed act as canonical bytes; the columns beside the body only help to find it."""

    event_id = models.UUIDField(unique=True)
    aims_id = models.BigIntegerField()
    body = models.BinaryField()
    mac = models.CharField(max_length=64)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Record"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Record"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["aims_id", "subject"]),
            models.Index(fields=["aims_id", "event"]),
            models.Index(fields=["aims_id", "pseudonym"]),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class Leaf(models.Model):
    """A record's place in its log: a number without gaps, from 1, and its leaf hash (hex)."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="leaves")
    aims_id = models.BigIntegerField()
    number = models.BigIntegerField()
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="leaf")
    leaf_hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["Leaf"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Leaf"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_leaf_per_number")]

    def __str__(self) -> str:
        return f"#{self.number}"


class Waiting(models.Model):
    """A record that has no number yet; written and taken away with it, so the sealer never has to search."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="waiting", primary_key=True)
    aims_id = models.BigIntegerField(db_index=True)

    objects: ClassVar[models.Manager["Waiting"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Waiting"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"record {self.record_id} waits"


class Annex(models.Model):
    """Free and personal text of a record, outside the chain: the record holds HMAC-SHA-256(salt, text) only."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="annexes")
    aims_id = models.BigIntegerField()
    field = models.CharField(max_length=20)
    salt = models.BinaryField()
    text = models.TextField()

    objects: ClassVar[models.Manager["Annex"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Annex"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["record", "field"], name="one_annex_per_field")]

    def __str__(self) -> str:
        return f"{self.field} of record {self.record_id}"


class Checkpoint(models.Model):
    """A signed statement of a log's size and root; signatures come with the pack that proves itself."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    aims_id = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager["Checkpoint"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Checkpoint"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_per_size")]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


APPEND_ONLY = (Record, Leaf, Checkpoint)
