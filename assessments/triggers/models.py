"""One thing that happened after a judgement, and what its owner says: what it touches, or no effect, because."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel
from assessments.triggers.kinds import TriggerKind


class Said(models.TextChoices):
    """What the owner says of a trigger."""

    UNSAID = "unsaid", _("Not said yet")
    TOUCHED = "touched", _("Touched")
    NONE = "none", _("No effect")


class Trigger(TenantModel):
    """Why an assessment has to be looked at again; open until its owner says what it touches."""

    ref_kind = "trigger"

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="happenings")
    kind = models.CharField(_("what happened"), max_length=12, choices=TriggerKind.choices)
    source = models.CharField(max_length=120, blank=True, editable=False)
    title = models.CharField(_("in words"), max_length=240)
    address = models.CharField(max_length=300, blank=True, editable=False)
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    effect = models.CharField(_("effect"), max_length=8, choices=Said.choices, default=Said.UNSAID)
    sections = models.JSONField(_("what it touches"), default=list, blank=True)
    because = models.CharField(_("because"), max_length=1000, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    said_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "source"],
                condition=Q(effect="unsaid") & ~Q(source=""),
                name="one_open_trigger_per_source",
            ),
            models.CheckConstraint(condition=~Q(effect="none") | ~Q(because=""), name="no_effect_of_trigger_says_why"),
            models.CheckConstraint(
                condition=Q(effect="unsaid") | Q(said_at__isnull=False), name="answered_trigger_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def ref_code(self) -> str:
        """The assessment's code and the row, such as IA-2026-08/12."""
        return f"{self.assessment.code}/{self.pk}"
