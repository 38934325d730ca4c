"""Proof: items, immutable versions, content-addressed files, and links to what they prove."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.tenancy import ScopedManager
from aims.tenant import TenantModel, TenantRow
from evidence.matching.models import Suggestion, SuggestionState
from evidence.review.models import Review

__all__ = [
    "AppendOnlyQuerySet",
    "AppendOnlyRow",
    "Evidence",
    "EvidenceForm",
    "EvidenceKind",
    "EvidenceLink",
    "EvidenceQuerySet",
    "EvidenceVersion",
    "File",
    "FileText",
    "Immutable",
    "IntegrityCheck",
    "LinkQuerySet",
    "LinkSource",
    "Read",
    "Review",
    "Scan",
    "Suggestion",
    "SuggestionState",
    "Verdict",
    "VersionQuerySet",
    "newest_version",
]


class EvidenceKind(models.TextChoices):
    """A document shows design; a record shows operation, and its past never expires."""

    DOCUMENT = "document", _("Document")
    RECORD = "record", _("Record")


class EvidenceForm(models.TextChoices):
    """What the proof is made of."""

    FILE = "file", _("File")
    LINK = "link", _("Link")
    NOTE = "note", _("Note")
    RESULT = "result", _("Result")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """The vocabulary of the library."""

    def live(self) -> Self:
        """Items that nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def with_latest_version(self) -> Self:
        """Add `latest_id`, `latest_number`, `renew_by` and `made_on` of the newest version; null when still awaited."""
        return self.annotate(**newest_version())


class Evidence(TenantModel):
    """One item of proof; its versions hold the content. Without any version it is still to be given."""

    ref_kind = "evidence"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices, default=EvidenceKind.DOCUMENT)
    form = models.CharField(_("form"), max_length=8, choices=EvidenceForm.choices, default=EvidenceForm.FILE)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)

    objects = ScopedManager.from_queryset(EvidenceQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["aims", "code"], name="one_evidence_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref_code(self) -> str:
        """Its code, such as EV-023."""
        return self.code


class Immutable(RuntimeError):
    """A row that is only ever added was to be changed or removed; give a new version instead."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are read and added; the database's triggers refuse what passes by this."""

    def update(self, **_fields: Any) -> int:
        """Refuse."""
        raise Immutable("These rows are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise Immutable("These rows are never removed.")


def newest_version(at: datetime | None = None) -> dict[str, models.Subquery]:
    """What `with_latest_version` adds to items, now or as of an instant."""
    given = Q() if at is None else Q(given_at__lte=at)
    newest = EvidenceVersion.objects.filter(given, evidence=models.OuterRef("id")).order_by("-number")
    names = {"latest_id": "pk", "latest_number": "number", "renew_by": "renew_by", "made_on": "made_on"}
    return {name: models.Subquery(newest.values(field)[:1]) for name, field in names.items()}


class AppendOnlyRow(TenantRow):
    """A tenant row that is added once and never touched again."""

    objects = ScopedManager.from_queryset(AppendOnlyQuerySet)()  # type: ignore[misc]
    unscoped = models.Manager.from_queryset(AppendOnlyQuerySet)()  # type: ignore[misc]

    class Meta(TenantRow.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to touch a row that exists."""
        if not self._state.adding:
            raise Immutable("This is never changed. Give a new version.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise Immutable("This is never removed.")


class VersionQuerySet(AppendOnlyQuerySet):
    """The vocabulary of versions."""

    def latest(self, at: datetime | None = None) -> Self:  # type: ignore[override]
        """The newest version of each item, as it stood at an instant when one is given."""
        given = Q() if at is None else Q(given_at__lte=at)
        later = EvidenceVersion.objects.filter(
            given, evidence=models.OuterRef("evidence"), number__gt=models.OuterRef("number")
        )
        return self.filter(given).exclude(models.Exists(later))


class EvidenceVersion(AppendOnlyRow):
    """What was given once: never changed, only followed by the next number."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    covers_from = models.DateField(_("covers from"), null=True, blank=True)
    covers_to = models.DateField(_("covers to"), null=True, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    renew_by = models.DateField(_("renew by"), null=True, blank=True)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    result = models.JSONField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    objects = ScopedManager.from_queryset(VersionQuerySet)()  # type: ignore[misc, assignment]

    class Meta(TenantRow.Meta):
        ordering = ["evidence", "number"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="one_evidence_version_per_number"),
            models.CheckConstraint(
                condition=Q(covers_from__isnull=True)
                | Q(covers_to__isnull=True)
                | Q(covers_from__lte=models.F("covers_to")),
                name="covered_period_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class File(AppendOnlyRow):
    """A stored file of a version; its bytes lie under their SHA-256."""

    evidence_version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120, blank=True)

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["aims", "sha256"])]

    def __str__(self) -> str:
        return self.name


class LinkSource(models.TextChoices):
    """How a link came about."""

    PERSON = "person", _("A person")
    IMPORT = "import", _("An import")
    SUGGESTION = "suggestion", _("An accepted suggestion")


class LinkQuerySet(models.QuerySet["EvidenceLink"]):
    """The vocabulary of links."""

    def held(self, at: datetime | None = None) -> Self:
        """Links that nobody withdrew, now or at an instant."""
        if at is None:
            return self.filter(withdrawn_at__isnull=True)
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), linked_at__lte=at)

    def live(self, at: datetime | None = None) -> Self:
        """Links that hold, between items that hold, now or at an instant."""
        if at is None:
            return self.held().filter(evidence__withdrawn_at__isnull=True)
        return self.held(at).filter(Q(evidence__withdrawn_at__isnull=True) | Q(evidence__withdrawn_at__gt=at))


class EvidenceLink(TenantModel):
    """A requirement that the evidence serves, said by someone for a reason, withdrawn and never deleted."""

    ref_kind = "evidence-link"

    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    system_version = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=12, choices=LinkSource.choices, default=LinkSource.PERSON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    linked_at = models.DateTimeField(default=clock.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedManager.from_queryset(LinkQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["aims", "requirement"])]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "evidence"],
                condition=Q(withdrawn_at__isnull=True, system__isnull=True),
                name="one_live_link_per_requirement_and_evidence",
            ),
            models.UniqueConstraint(
                fields=["requirement", "evidence", "system"],
                condition=Q(withdrawn_at__isnull=True, system__isnull=False),
                name="one_live_link_per_requirement_evidence_and_system",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} serves {self.requirement_id}"


class Read(AppendOnlyRow):
    """Every download of evidence: who, what, when."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(default=clock.now)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["aims", "file"])]

    def __str__(self) -> str:
        return f"read of {self.file_id}"


class IntegrityCheck(AppendOnlyRow):
    """What re-hashing every stored file found, added once: `files` counts distinct ones, `bytes` what was read.

    `faults` holds the first of them, `faults_digest` (hex SHA-256) stands for all, so that a change is seen.
    """

    ref_kind: ClassVar[str] = "integrity-check"

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    files = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    altered = models.PositiveBigIntegerField()
    missing = models.PositiveBigIntegerField()
    faults = models.JSONField(default=list)
    faults_digest = models.CharField(max_length=64, blank=True)

    class Meta(TenantRow.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.ref

    @property
    def wrong(self) -> int:
        """How many files are not as they were given."""
        return self.altered + self.missing

    @property
    def sound(self) -> int:
        """How many files are as they were given."""
        return self.files - self.wrong

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain names it."""
        return f"{self.ref_kind}:{self.pk}"

    @property
    def version(self) -> int:
        """It never changes."""
        return 1


class Verdict(models.TextChoices):
    """What a scanner said of bytes; only its own word makes them clean."""

    CLEAN = "clean", _("Nothing found")
    FOUND = "found", _("Quarantined")
    NOT_SCANNED = "not_scanned", _("Not scanned")


class Scan(AppendOnlyRow):
    """One look of a scanner at stored bytes, added once; `found` names what it found, `why` what was in the way."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    found = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=200, blank=True)
    engine = models.CharField(max_length=120, blank=True)
    scanned_at = models.DateTimeField(default=clock.now)

    class Meta(TenantRow.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["aims", "sha256"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="found") ^ Q(found=""), name="a_finding_is_named_and_nothing_else_is"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.sha256[:8]}"


class FileText(TenantRow):
    """The words of stored bytes, to search in; no text means that none were taken out, for the reason in `why`."""

    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(default=clock.now)

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["aims", "sha256"], name="one_text_per_file"),
            models.CheckConstraint(condition=Q(text="") ^ Q(why=""), name="a_text_or_why_there_is_none"),
        ]

    def __str__(self) -> str:
        return f"text of {self.sha256[:8]}"
