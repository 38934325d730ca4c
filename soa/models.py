"""The decision: one statement per AIMS, a row per control, and its frozen versions (6.1.3)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import ScopedManager
from aims.tenant import TenantModel, TenantRow
from soa.reopening.models import Reopening

__all__ = [
    "EXCLUDE_REASONS",
    "INCLUDE_REASONS",
    "Applicability",
    "Effectiveness",
    "Entry",
    "EntryQuerySet",
    "EntrySystem",
    "Implementation",
    "Intake",
    "Performer",
    "Reason",
    "Reopening",
    "Statement",
    "StatementVersion",
    "VersionState",
]


class Applicability(models.TextChoices):
    """The three-way choice of a person."""

    UNDECIDED = "undecided", _("Undecided")
    INCLUDED = "included", _("Included")
    EXCLUDED = "excluded", _("Excluded")


class Implementation(models.TextChoices):
    """What is in place, from least to most."""

    NOT_STARTED = "not_started", _("Not started")
    PLANNED = "planned", _("Planned")
    PARTLY = "partly", _("Partly")
    IMPLEMENTED = "implemented", _("Implemented")


class Reason(models.TextChoices):
    """Reason codes; all but best practice and the exclusion codes point at something."""

    RISK = "RT", _("Risk treated")
    IMPACT = "IA", _("Impact assessment")
    LAW = "LG", _("Law")
    CONTRACT = "CT", _("Contract")
    PARTY = "IP", _("Interested party")
    PRACTICE = "BP", _("Best practice")
    OBJECTIVE = "OB", _("AI objective")
    NOT_NECESSARY = "NR", _("Not necessary per risk assessment")
    EXEMPT = "EX", _("Not required, or excepted, by an external requirement")
    NOT_PERFORMED = "NP", _("Activity not performed")


INCLUDE_REASONS = (
    Reason.RISK,
    Reason.IMPACT,
    Reason.LAW,
    Reason.CONTRACT,
    Reason.PARTY,
    Reason.PRACTICE,
    Reason.OBJECTIVE,
)
EXCLUDE_REASONS = (Reason.NOT_NECESSARY, Reason.EXEMPT, Reason.NOT_PERFORMED)


class Performer(models.TextChoices):
    """Who performs a control; a provided process stays ours to control."""

    US = "us", _("Us")
    SHARED = "shared", _("Shared")
    GROUP = "group", _("Group")
    PROVIDER = "provider", _("Provider")


class Effectiveness(models.TextChoices):
    """Derived from tests and findings, never typed in."""

    NOT_TESTED = "not_tested", _("Not tested")
    EFFECTIVE = "effective", _("Effective")
    NONCONFORMING = "nonconforming", _("Nonconforming")


class Statement(TenantModel):
    """The living draft: rows change here, versions freeze it."""

    ref_kind = "statement"

    opened_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["aims"], name="one_statement_per_aims")]

    def __str__(self) -> str:
        return "Statement of Applicability"

    @property
    def ref_code(self) -> str:
        """There is one in an AIMS."""
        return "SOA"


class EntryQuerySet(models.QuerySet["Entry"]):
    """The vocabulary of the statement's rows."""

    def in_order(self) -> Self:
        """The order of the standard, own controls last."""
        return self.order_by("requirement__position", "requirement__code")

    def with_names(self) -> Self:
        """Fetch what a row shows of other tables, in the same query."""
        return self.select_related("requirement__area", "owner")


class Entry(TenantModel):
    """One row: applicability, implementation and the people and dates that go with them."""

    ref_kind = "entry"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="entries")
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    applicability = models.CharField(
        _("applies"), max_length=10, choices=Applicability.choices, default=Applicability.UNDECIDED
    )
    why = models.TextField(_("why"), blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(_("review by"), null=True, blank=True)
    expires_on = models.DateField(_("exclusion expires"), null=True, blank=True)
    performed_by = models.CharField(_("done by"), max_length=10, choices=Performer.choices, default=Performer.US)
    provider = models.CharField(_("provider"), max_length=160, blank=True)
    agreement = models.CharField(_("agreement"), max_length=160, blank=True)
    implementation = models.CharField(
        _("implementation"), max_length=12, choices=Implementation.choices, default=Implementation.NOT_STARTED
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    how = models.TextField(_("how it is done"), blank=True)
    how_document = models.CharField(_("document"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    expects_evidence = models.BooleanField(_("evidence expected"), default=True)
    no_evidence_reason = models.CharField(_("why no evidence is expected"), max_length=300, blank=True)
    effectiveness = models.CharField(
        max_length=14, choices=Effectiveness.choices, default=Effectiveness.NOT_TESTED, editable=False
    )
    effectiveness_source = models.CharField(max_length=120, blank=True, editable=False)

    objects = ScopedManager.from_queryset(EntryQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["statement", "requirement"], name="one_entry_per_control"),
            models.CheckConstraint(
                condition=~Q(performed_by="provider") | ~Q(provider=""), name="provided_control_names_its_provider"
            ),
            models.CheckConstraint(
                condition=Q(expects_evidence=True) | ~Q(no_evidence_reason=""), name="no_evidence_expected_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.ref_code}"

    @property
    def ref_code(self) -> str:
        """The control's id."""
        return self.requirement.code


class EntrySystem(TenantModel):
    """What differs for one AI system: excluded there, or implemented to another degree. Rows roll up to the entry."""

    ref_kind = "entry-system"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="per_system")
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="+")
    applicability = models.CharField(max_length=10, choices=Applicability.choices, default=Applicability.INCLUDED)
    why = models.TextField(blank=True)
    implementation = models.CharField(max_length=12, choices=Implementation.choices, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["entry", "system"], name="one_row_per_entry_and_system")]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref_code(self) -> str:
        """The control's id and the system's code."""
        return f"{self.entry.ref_code}/{self.system.code}"


class VersionState(models.TextChoices):
    """Submitted versions wait for an approver; approving one supersedes the last."""

    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    SUPERSEDED = "superseded", _("Superseded")


class StatementVersion(TenantModel):
    """The whole statement as canonical JSON with its digest; approval names that digest."""

    ref_kind = "version"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.SUBMITTED)
    body = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    summary = models.CharField(_("what changed"), max_length=300)
    warnings = models.JSONField(default=list, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_note = models.TextField(_("note"), blank=True)
    superseded_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "number"],
                condition=~Q(state="returned"),
                name="one_standing_version_per_number",
            ),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state="submitted"), name="one_version_waits_for_approval"
            ),
            models.UniqueConstraint(fields=["statement"], condition=Q(state="approved"), name="one_version_in_force"),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=models.F("submitted_by")),
                name="version_is_not_approved_by_its_submitter",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def ref_code(self) -> str:
        """Such as SOA-3."""
        return f"SOA-{self.number}"


class Intake(TenantRow):
    """A spreadsheet brought in: every row with its verdict, shown before anything is written, and kept."""

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    plan = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta(TenantRow.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
