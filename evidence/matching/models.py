"""Suggestions as facts: what the matcher proposed, and what a person made of it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel


class SuggestionState(models.TextChoices):
    """Open until a person says yes or no; neither is taken back, a link can be."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Suggestion(TenantModel):
    """A requirement that a version may prove: which passage says so, how sure the matcher is, and who decided.

    `confidence` is in percent, as the matcher gave it; `matcher` names the method, the model and what it learned from.
    """

    ref_kind: ClassVar[str] = "evidence-suggestion"

    evidence_version = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="+")
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    confidence = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    passage = models.TextField()
    source = models.CharField(max_length=255, blank=True)
    matcher = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=8, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-confidence", "pk"]
        indexes = [models.Index(fields=["aims", "requirement", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence_version", "requirement"], name="one_suggestion_per_version_and_requirement"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_suggestion_says_when",
            ),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="a_confidence_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} for {self.evidence_version_id}"
