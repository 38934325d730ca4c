"""What a risk is fed from, whether its treatment works, and the treatment plan as a document."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.tenant import TenantModel


class RiskImpact(TenantModel):
    """An impact of an assessment that feeds a risk: pointed at, never copied."""

    ref_kind = "risk-impact"

    risk = models.ForeignKey("assessments.Risk", on_delete=models.PROTECT, related_name="impact_links")
    impact = models.ForeignKey("assessments.Impact", on_delete=models.PROTECT, related_name="risk_links")
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["risk", "impact"], condition=Q(withdrawn_at__isnull=True), name="one_link_per_risk_and_impact"
            )
        ]

    def __str__(self) -> str:
        return f"impact {self.impact_id} feeds risk {self.risk_id}"


class Outcome(models.TextChoices):
    """What a look at a treatment found (8.3)."""

    EFFECTIVE = "effective", _("Effective")
    PARTLY = "partly", _("Partly effective")
    INEFFECTIVE = "ineffective", _("Not effective")


class Verification(TenantModel):
    """Somebody looked whether the treatment of a risk works, and on what grounds (8.3)."""

    ref_kind = "verification"

    risk = models.ForeignKey("assessments.Risk", on_delete=models.PROTECT, related_name="verifications")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    grounds = models.TextField(_("grounds"))
    verified_on = models.DateField(_("verified on"))
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-verified_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.verified_on}"


class PlanState(models.TextChoices):
    """Put up, then sent back or approved; a later one supersedes it."""

    SUBMITTED = "submitted", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    SUPERSEDED = "superseded", _("Superseded")


class TreatmentPlan(TenantModel):
    """The treatment plan as a document (6.1.3, 8.3): put up as it stands, approved with what remains accepted."""

    ref_kind = "treatment-plan"

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.SUBMITTED)
    note = models.TextField(_("what changed"), blank=True)
    content_digest = models.CharField(max_length=64, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_note = models.TextField(_("reason"), blank=True)
    frozen = models.BinaryField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "number"], name="one_treatment_plan_per_number"),
            models.UniqueConstraint(
                fields=["aims"], condition=Q(state="submitted"), name="one_treatment_plan_in_review"
            ),
            models.UniqueConstraint(fields=["aims"], condition=Q(state="approved"), name="one_treatment_plan_in_force"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="treatment_plan_is_not_decided_by_its_submitter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("submitted", "returned")) | Q(frozen__isnull=False, decided_at__isnull=False),
                name="approved_treatment_plan_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return self.ref_code

    @property
    def ref_code(self) -> str:
        """Its code, such as TP-3."""
        return f"TP-{self.number}"
