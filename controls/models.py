"""What the standard asks: frameworks and their requirements; an organisation's own controls stand beside them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.context import current_aims_id
from ledger.governed import Governed


class Framework(models.Model):
    """A published set of requirements, such as ISO/IEC 42001:2023."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    edition = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class RequirementKind(models.TextChoices):
    """A clause asks, an area groups, a control is decided on."""

    CLAUSE = "clause", _("Clause")
    AREA = "area", _("Area")
    CONTROL = "control", _("Control")
    OWN = "own", _("Own control")


class RequirementQuerySet(models.QuerySet["Requirement"]):
    """The vocabulary of the catalogue."""

    def decidable(self) -> Self:
        """What a statement has a row for: Annex A controls and own controls."""
        return self.filter(kind__in=[RequirementKind.CONTROL, RequirementKind.OWN], retired_at__isnull=True)

    def linkable(self) -> Self:
        """What evidence, systems and measures can point at: numbered clauses and controls."""
        return self.exclude(kind=RequirementKind.AREA).filter(retired_at__isnull=True)

    def in_order(self) -> Self:
        """The order of the standard, own controls last."""
        return self.order_by("position", "code")


class RequirementManager(models.Manager.from_queryset(RequirementQuerySet)):  # type: ignore[misc]
    """The shipped catalogue and the own controls of the AIMS in context."""

    def get_queryset(self) -> RequirementQuerySet:
        """Return shared rows and this AIMS's."""
        rows: RequirementQuerySet = super().get_queryset()
        return rows.filter(Q(aims__isnull=True) | Q(aims_id=current_aims_id()))


class Requirement(Governed):
    """A clause, area or control: id and short title are facts, every other word is ours or the organisation's."""

    ref_kind = "requirement"

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="requirements")
    aims = models.ForeignKey("aims.Aims", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(_("id"), max_length=20)
    kind = models.CharField(max_length=10, choices=RequirementKind.choices)
    title = models.CharField(_("title"), max_length=200)
    area = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="members")
    position = models.PositiveIntegerField()
    summary = models.TextField(_("what it asks"), blank=True)
    guidance = models.TextField(blank=True)
    auditor_looks_for = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True)

    objects = RequirementManager()
    unscoped: ClassVar[models.Manager["Requirement"]] = models.Manager()

    class Meta:
        base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code"], condition=Q(aims__isnull=True), name="one_requirement_per_code"
            ),
            models.UniqueConstraint(
                fields=["aims", "code"], condition=Q(aims__isnull=False), name="one_own_control_per_code"
            ),
            models.CheckConstraint(
                condition=Q(kind="own", aims__isnull=False) | ~Q(kind="own"), name="own_control_has_an_aims"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref_code(self) -> str:
        """Its id, such as A.6.2.4."""
        return self.code
