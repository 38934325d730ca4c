"""Why an exclusion has to be decided again; open until a person decides it anew or renews it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel


class Cause(models.TextChoices):
    """What reopens an exclusion."""

    SCOPE = "scope", _("Scope stated anew")
    ROLE = "role", _("New role")
    FACTS = "facts", _("Facts of a system")
    SYSTEM = "system", _("Linked system changed")
    JUDGEMENT = "judgement", _("Treatment or measure")
    EXPIRY = "expiry", _("Expired")


class Reopening(TenantModel):
    """One reason to look again at an exclusion, for the whole row or for one AI system."""

    ref_kind = "reopening"

    entry = models.ForeignKey("soa.Entry", on_delete=models.PROTECT, related_name="reopenings")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    source = models.CharField(max_length=120)
    words = models.CharField(_("why"), max_length=300)
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "cause", "source"],
                condition=Q(settled_at__isnull=True),
                name="one_open_reopening_per_cause_and_source",
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def ref_code(self) -> str:
        """The control's id and the row, such as A.6.2.4/12."""
        return f"{self.entry.ref_code}/{self.pk}"
