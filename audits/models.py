"""The certification cycle (first cut): its dates, and who answers for each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from aims.tenant import TenantModel


class MilestoneKind(models.TextChoices):
    """The dates of a cycle, in their usual order."""

    STAGE_1 = "stage_1", _("Stage 1")
    STAGE_2 = "stage_2", _("Stage 2")
    ISSUED = "issued", _("Certificate issued")
    INTERNAL = "internal", _("Internal audit")
    SURVEILLANCE_1 = "surveillance_1", _("Surveillance 1")
    SURVEILLANCE_2 = "surveillance_2", _("Surveillance 2")
    RECERTIFICATION = "recertification", _("Recertification")
    EXPIRES = "expires", _("Certificate expires")


class Milestone(TenantModel):
    """A date of the cycle, planned and then held."""

    ref_kind = "milestone"

    kind = models.CharField(_("what"), max_length=16, choices=MilestoneKind.choices)
    due_on = models.DateField(_("date"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.CharField(_("certification body"), max_length=160, blank=True)
    reference = models.CharField(_("certificate or audit number"), max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.due_on}"
