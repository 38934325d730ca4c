"""A review of one version for one control: drafted by a reader, and then, perhaps, said by a person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel

BEST = 5


class Review(TenantModel):
    """How good a version is as proof for a control.

    `drafted` is the score that a reader proposes, with its method and, for a language model, provider, model and
    prompt; `score` is what a person made of it, and empty until one did. `confidence` is in percent; `strengths` and
    `flags` are lists of `{"says", "quote"}`, every quote verbatim.
    """

    ref_kind = "review"

    evidence_version = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="reviews")
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    drafted = models.PositiveSmallIntegerField(_("drafted score"))
    confidence = models.PositiveSmallIntegerField(_("confidence"))
    dimensions = models.JSONField(default=dict)
    strengths = models.JSONField(default=list, blank=True)
    flags = models.JSONField(default=list, blank=True)
    method = models.CharField(_("method"), max_length=120)
    provider = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=120, blank=True)
    prompt = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    drafted_at = models.DateTimeField(default=clock.now)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence_version", "requirement"], name="one_review_per_version_and_requirement"
            ),
            models.CheckConstraint(
                condition=Q(drafted__lte=BEST, confidence__lte=100) & (Q(score__isnull=True) | Q(score__lte=BEST)),
                name="a_review_has_up_to_five_points",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(score__isnull=False, confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_reviewed_score_has_a_person_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score=F("drafted")) | ~Q(reason=""),
                name="another_score_than_drafted_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.pk)

    @property
    def is_confirmed(self) -> bool:
        """Whether a person said it."""
        return self.confirmed_at is not None
