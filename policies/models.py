"""Policies of an organisation: the shipped set as it was loaded, what was put in its place, and its own."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel, TenantRow


class Severity(models.TextChoices):
    """What a policy that fails does at a gate."""

    BLOCKING = "blocking", _("Shuts the gate")
    ADVICE = "advice", _("Advises")


class Policy(TenantModel):
    """A policy that judges the records of AI systems; its text stands in its versions, `number` is the one in force.

    What is said of it here is taken from the metadata of that version.
    """

    ref_kind = "policy"

    name = models.CharField(_("name"), max_length=80)
    package = models.CharField(_("package"), max_length=200)
    title = models.CharField(_("title"), max_length=160)
    controls = models.JSONField(_("controls"), default=list)
    due_from = models.CharField(_("due from"), max_length=20, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.BLOCKING)
    number = models.PositiveIntegerField(_("version in force"), default=1)
    is_shipped = models.BooleanField(_("from the shipped set"), default=False)
    is_on = models.BooleanField(_("on"), default=True)
    off_reason = models.TextField(_("why it is off"), blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "name"], name="one_policy_per_name"),
            models.UniqueConstraint(fields=["aims", "package"], name="one_policy_per_package"),
            models.CheckConstraint(condition=Q(is_on=True) | ~Q(off_reason=""), name="policy_that_is_off_says_why"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref_code(self) -> str:
        """Its name, such as bias."""
        return self.name


class PolicyVersion(TenantRow):
    """The text of a policy, added once; `is_shipped` tells Assay's own text from that of somebody here."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_shipped = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)

    ref_kind: ClassVar[str] = "policy-version"

    class Meta(TenantRow.Meta):
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="one_version_of_policy_per_number")]

    def __str__(self) -> str:
        return f"{self.policy_id}@{self.number}"
