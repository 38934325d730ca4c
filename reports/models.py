"""What was handed over: rendered reports, each with what it was made from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel


class Edition(models.TextChoices):
    """Who a report is for: the certification body reads all, a customer reads what is theirs to know."""

    FULL = "full", _("Certification body, complete")
    CUSTOMER = "customer", _("Customer")


class Report(TenantModel):
    """One SoA report: from an approved version, from the version in force on a date, or a watermarked draft."""

    ref_kind = "report"

    edition = models.CharField(max_length=10, choices=Edition.choices, default=Edition.FULL)
    statement_version = models.ForeignKey("soa.StatementVersion", on_delete=models.PROTECT, null=True, related_name="+")
    as_of = models.DateField(null=True)
    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or str(_("Report"))

    @property
    def is_draft(self) -> bool:
        """Whether it was made of the draft, and says so on every page."""
        return self.statement_version_id is None

    @property
    def is_ready(self) -> bool:
        """Whether its file is there."""
        return bool(self.sha256)
