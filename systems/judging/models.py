"""What policies said about systems and when: runs, outcomes where they changed, and what each system was judged on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantRow


class Occasion(models.TextChoices):
    """Why systems were judged."""

    EDIT = "edit", _("A record changed")
    POLICY = "policy", _("A policy changed")
    NIGHT = "night", _("Nightly")
    ASKED = "asked", _("On demand")


class OutcomeState(models.TextChoices):
    """What a policy says about a system; what could not be judged never counts as passed."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    ERROR = "error", _("Could not be judged")


class JudgingRun(TenantRow):
    """One turn of judging, added once: over which systems, by which policies, what came of it.

    `digest` (hex SHA-256) stands for every outcome of the run; `changed` counts those that are new.
    """

    ref_kind: ClassVar[str] = "judging"

    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    systems = models.PositiveIntegerField()
    policies = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    errors = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    faults = models.JSONField(default=list)

    class Meta(TenantRow.Meta):
        verbose_name = _("policy run")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain names it."""
        return f"{self.ref_kind}:{self.pk}"

    @property
    def version(self) -> int:
        """It never changes."""
        return 1


class PolicyResult(TenantRow):
    """What a version of a policy said about a system, added once, when that is not what was said before.

    It stands until the next result of the same system and policy; runs since then confirm it (see `JudgedSystem`).
    """

    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="policy_results")
    policy = models.ForeignKey("policies.Policy", on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey("policies.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    record_version = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=OutcomeState.choices)
    messages = models.JSONField(default=list)
    run = models.ForeignKey(JudgingRun, on_delete=models.PROTECT, related_name="results")
    judged_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["system", "policy", "id"], name="result_of_system_and_policy")]

    def __str__(self) -> str:
        return f"{self.system_id} {self.policy_id}: {self.state}"


class JudgedSystem(TenantRow):
    """Up to when a system's results hold: the run that last confirmed them, and what it judged.

    `digest` (hex SHA-256) is that of the record and of all policies; where it differs from theirs now, results are old.
    """

    system = models.OneToOneField("systems.AiSystem", on_delete=models.PROTECT, related_name="judged")
    run = models.ForeignKey(JudgingRun, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.system_id} by {self.run_id}"
