"""Screenings: the answers, what they led to and why, and who signed that no full assessment is due."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.tenant import TenantModel


class Depth(models.TextChoices):
    """How deep an assessment goes; the screening says so."""

    NONE = "none", _("No assessment is due")
    FOCUSED = "focused", _("Focused")
    FULL = "full", _("Full")


class ScreeningState(models.TextChoices):
    """Answered, then concluded: an assessment is due, or somebody signs that none is; a later one takes its place."""

    DRAFT = "draft", _("Being answered")
    DUE = "due", _("Assessment is due")
    WAITING = "waiting", _("Waits for a signature")
    SIGNED = "signed", _("No assessment is due")
    SUPERSEDED = "superseded", _("Superseded")


class Screening(TenantModel):
    """A screening of one AI system at one version.

    `answers` holds for each question `{"answer": "yes", "note": ""}`; `outcome` and `reasons` (codes of the questions
    that led to it) are what the rules of the questionnaire's `edition` made of them when it was concluded.
    """

    ref_kind = "screening"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="screenings")
    system_version = models.CharField(_("version screened"), max_length=60, blank=True)
    edition = models.PositiveIntegerField(_("version of the questionnaire"), editable=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    state = models.CharField(max_length=10, choices=ScreeningState.choices, default=ScreeningState.DRAFT)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Depth.choices, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    because = models.TextField(_("why no assessment is due"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    signed_at = models.DateTimeField(null=True, editable=False)
    next_review_on = models.DateField(_("screened again on"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_screening_per_code"),
            models.UniqueConstraint(
                fields=["system"], condition=Q(state__in=["draft", "waiting"]), name="one_open_screening_per_system"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False, next_review_on__isnull=False, outcome="none"),
                name="signed_screening_comes_back_for_review",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("author")),
                name="screening_is_not_signed_by_its_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.system.name}"

    @property
    def ref_code(self) -> str:
        """Its code, such as SCR-2026-03."""
        return self.code
