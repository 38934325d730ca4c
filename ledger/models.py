"""Append-only tables: records, their numbers and leaves, and the head of each log (trust.md section 1)."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.tenancy import ScopedManager


def new_origin() -> str:
    """Return the lasting name of a log, as checkpoints will print it (C2SP tlog-checkpoint origin)."""
    return f"assay/{uuid4()}"


class Log(models.Model):
    """The head of one AIMS's Merkle log: leaves, frontier and root (hex), what verification last said of it.

    `signed_size` is the size of its newest checkpoint; `halted` says why nothing is numbered, `unsigned` why
    nothing is signed, until a person has looked.
    """

    aims_id = models.BigIntegerField(unique=True)
    origin = models.CharField(max_length=80, unique=True, default=new_origin)
    size = models.BigIntegerField(default=0)
    frontier = models.JSONField(default=list)
    root = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True)
    signed_size = models.BigIntegerField(default=0)
    halted = models.TextField(blank=True)
    unsigned = models.TextField(blank=True)
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
    """One governed act as canonical bytes; the columns beside the body only help to find it.

    `role` is what a person acted as, or `service` or `ai`, and `membership_id` the grant behind it.
    """

    event_id = models.UUIDField(unique=True)
    aims_id = models.BigIntegerField()
    body = models.BinaryField()
    mac = models.CharField(max_length=64)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    membership_id = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Record"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Record"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["aims_id", "subject"]),
            models.Index(fields=["aims_id", "event"]),
            models.Index(fields=["aims_id", "pseudonym"]),
            models.Index(fields=["aims_id", "role"]),
            models.Index(fields=["aims_id", "occurred_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class Leaf(models.Model):
    """A record's place in its log: a number without gaps, from 1, and its leaf hash (hex)."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="leaves", db_index=False)
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

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="annexes", db_index=False)
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


class Subtree(models.Model):
    """The root (hex) over a full run of 256 leaves, so that a proof reads hundreds of rows and never all of them."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="subtrees", db_index=False)
    aims_id = models.BigIntegerField()
    number = models.BigIntegerField()
    root = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["Subtree"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Subtree"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_subtree_per_number")]

    def __str__(self) -> str:
        return f"subtree {self.number}"


class LogKey(models.Model):
    """An Ed25519 key of a log: its public half (hex), and the private one sealed under a secret outside the database.

    The key with the highest number signs; the others stay, because what they signed has to be checked for ever.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="keys", db_index=False)
    aims_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    public = models.CharField(max_length=64)
    private = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now)

    ref_kind: ClassVar[str] = "log-key"

    objects: ClassVar[models.Manager["LogKey"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["LogKey"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_key_per_number")]

    def __str__(self) -> str:
        return f"key {self.number} of {self.name}"

    @property
    def ref_code(self) -> str:
        """Its number in the log."""
        return str(self.number)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain names it."""
        return f"{self.ref_kind}:{self.number}"

    @property
    def version(self) -> int:
        """It never changes."""
        return 1


class Incarnation(models.Model):
    """A log's life under one origin; a restored log goes on under a new one and names what it was restored to.

    `restored_size` leaves were there when it began; `lost_size` and `lost_root` are those of the newest checkpoint
    known outside, which the restored database no longer reached.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="incarnations", db_index=False)
    aims_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=80, unique=True)
    restored_size = models.BigIntegerField(default=0)
    restored_root = models.CharField(max_length=64, blank=True)
    lost_size = models.BigIntegerField(default=0)
    lost_root = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField(default=clock.now)

    ref_kind: ClassVar[str] = "log"

    objects: ClassVar[models.Manager["Incarnation"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Incarnation"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_incarnation_per_number")]

    def __str__(self) -> str:
        return self.origin

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.number)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain names it."""
        return f"{self.ref_kind}:{self.number}"

    @property
    def version(self) -> int:
        """It never changes."""
        return 1


class Checkpoint(models.Model):
    """A signed statement of a log's size and root (C2SP tlog-checkpoint); `frontier` holds the next one to it."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints", db_index=False)
    aims_id = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.BinaryField()
    frontier = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)

    ref_kind: ClassVar[str] = "checkpoint"

    objects: ClassVar[models.Manager["Checkpoint"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Checkpoint"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_per_size")]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"

    @property
    def text(self) -> str:
        """The signed note as it is handed out."""
        return bytes(self.note).decode()

    @property
    def ref_code(self) -> str:
        """The size it covers."""
        return str(self.size)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain names it."""
        return f"{self.ref_kind}:{self.size}"

    @property
    def version(self) -> int:
        """It never changes."""
        return 1


class AnchorKind(models.TextChoices):
    """Where a copy of a checkpoint went, out of reach of whoever could rewrite the database."""

    MAIL = "mail", _("Sent by mail")
    REPORT = "report", _("Printed on a report")
    PACK = "pack", _("Handed over in a pack")
    BUCKET = "bucket", _("Written to a locked bucket")
    TIMESTAMP = "timestamp", _("Timestamped (RFC 3161)")


class Anchor(models.Model):
    """A copy of a checkpoint outside: what makes cutting the log's tail, or rewriting it with its key, detectable."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="anchors")
    aims_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=AnchorKind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=300, blank=True)
    token = models.BinaryField(default=bytes)
    made_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager["Anchor"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["Anchor"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        indexes = [models.Index(fields=["aims_id", "kind", "made_at"])]

    def __str__(self) -> str:
        return f"{self.kind} of checkpoint {self.checkpoint_id}"


class SetAside(models.Model):
    """An unsealed record that is not ours: a person has looked, and the log goes on without it."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="set_aside")
    aims_id = models.BigIntegerField()
    reason = models.TextField()
    by_pseudonym = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager["SetAside"]] = ScopedManager()
    unscoped: ClassVar[models.Manager["SetAside"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"record {self.record_id} set aside"


APPEND_ONLY = (Record, Leaf, Subtree, Checkpoint, LogKey, Incarnation, Anchor, SetAside)
