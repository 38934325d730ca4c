"""AI systems: their record, what the registry sorts by, their stage, whether they are in scope and who said so."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import ScopedManager
from aims.tenant import TenantModel
from systems.applying.models import Implication
from systems.judging.models import JudgedSystem, JudgingRun, PolicyResult
from systems.lifecycle.models import Advice, FunctionHolder, GateRule, Signature, Transition
from systems.lifecycle.stages import Stage

__all__ = [
    "Advice",
    "AiSystem",
    "AiSystemQuerySet",
    "CompletenessStatement",
    "FunctionHolder",
    "GateRule",
    "Implication",
    "JudgedSystem",
    "JudgingRun",
    "PolicyResult",
    "RecordFile",
    "Reliance",
    "Signature",
    "Stage",
    "Transition",
]


class AiSystemQuerySet(models.QuerySet["AiSystem"]):
    """The vocabulary of the registry."""

    def in_scope(self) -> Self:
        """Systems that someone said are in scope and that are not retired."""
        return self.filter(is_in_scope=True).exclude(stage=Stage.RETIRED)


class AiSystem(TenantModel):
    """One AI system of the registry.

    `record` is what is said about it, in the form of the published schema; `key` is its id there. The columns beside it
    are taken from it, to list, search and sort by. `stage` is what was signed; `claimed_stage` is what the record says.
    `came_by` is the move that led to the stage: the database lets none into use without a signed one.
    """

    ref_kind = "system"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    key = models.CharField(_("id"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=160)
    purpose = models.TextField(_("purpose"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    roles_played = models.JSONField(_("roles played"), default=list, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, default=Stage.INCEPTION)
    came_by = models.ForeignKey(Transition, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    supplier = models.CharField(_("supplier"), max_length=160, blank=True)
    model_name = models.CharField(_("model"), max_length=160, blank=True)
    model_version = models.CharField(_("version in use"), max_length=60, blank=True)
    owning_team = models.CharField(_("owner as the record names it"), max_length=254, blank=True)
    unit = models.CharField(_("unit"), max_length=160, blank=True)
    environment = models.CharField(_("environment"), max_length=20, blank=True)
    data_sensitivity = models.CharField(_("data sensitivity"), max_length=20, blank=True)
    risk_tier = models.CharField(_("risk tier"), max_length=20, blank=True)
    claimed_stage = models.CharField(_("stage the record says"), max_length=20, blank=True)
    record = models.JSONField(_("record"), default=dict, blank=True)
    is_in_scope = models.BooleanField(_("in scope"), null=True, blank=True)
    scope_reason = models.TextField(_("reason"), blank=True)
    scope_said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    scope_said_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedManager.from_queryset(AiSystemQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_system_per_code"),
            models.UniqueConstraint(
                Lower("key"), "aims", condition=~Q(key=""), name="one_system_per_key_whatever_its_case"
            ),
            models.CheckConstraint(
                condition=Q(is_in_scope__isnull=True) | Q(scope_said_at__isnull=False),
                name="scope_of_system_was_said_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def ref_code(self) -> str:
        """Its code, such as SYS-01."""
        return self.code


class Reliance(TenantModel):
    """A requirement that an AI system relies on, and why: an exclusion cannot pass over it."""

    ref_kind = "reliance"

    system = models.ForeignKey(AiSystem, on_delete=models.PROTECT, related_name="reliances")
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["system", "requirement"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_reliance_per_system_and_requirement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.system_id} relies on {self.requirement_id}"


class RecordFile(TenantModel):
    """The file that a system is kept in: its text as it was last synced, and which commit of whom that was.

    `path` begins with the name of the repository or folder; `gone_at` says since when no file is there any more.
    """

    ref_kind = "record-file"

    system = models.OneToOneField(AiSystem, on_delete=models.PROTECT, related_name="file")
    path = models.CharField(_("path"), max_length=500)
    text = models.TextField(_("text"))
    commit = models.CharField(_("commit"), max_length=64, blank=True)
    author = models.CharField(_("author"), max_length=320, blank=True)
    sha256 = models.CharField(max_length=64)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["aims", "path"], name="record_file_by_path")]

    def __str__(self) -> str:
        return self.path


class CompletenessStatement(TenantModel):
    """What a person stated on a day: these are all AI systems of a unit; of the whole organisation without one.

    `systems` are the codes it counted, `digest` the SHA-256 of their ids, one a line, in order. A later one for the
    same unit replaces it.
    """

    ref_kind = "completeness"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    unit = models.CharField(_("unit"), max_length=160, blank=True)
    stated_on = models.DateField(_("stated on"))
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    method = models.TextField(_("how it was found out"))
    valid_until = models.DateField(_("valid until"))
    count = models.PositiveIntegerField(_("AI systems"))
    digest = models.CharField(_("digest"), max_length=64)
    systems = models.JSONField(default=list)
    replaced_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["unit", "-stated_on"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_completeness_per_code"),
            models.UniqueConstraint(
                fields=["aims", "unit"],
                condition=Q(replaced_at__isnull=True, withdrawn_at__isnull=True),
                name="one_completeness_in_force_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("stated_on")), name="completeness_holds_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.unit}".strip()

    @property
    def ref_code(self) -> str:
        """Its code, such as CPL-03."""
        return self.code

    @property
    def is_in_force(self) -> bool:
        """Whether nothing replaced it and nobody withdrew it; its date may have passed."""
        return self.replaced_at is None and self.withdrawn_at is None
