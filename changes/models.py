"""Changes of AI systems: what changed, what that demands, how each demand was met, and what it touches."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import ScopedManager
from aims.tenant import TenantModel
from changes.material import DEMANDS, KINDS


class ChangeState(models.TextChoices):
    """A change gathers edits while it is open or under test; once decided it stands."""

    OPEN = "open", _("Open")
    UNDER_TEST = "under-test", _("Under test")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    IN_EFFECT = "in-effect", _("In effect")


UNDECIDED = (ChangeState.OPEN, ChangeState.UNDER_TEST)


class ChangeQuerySet(models.QuerySet["ChangeRecord"]):
    """The vocabulary of changes."""

    def undecided(self) -> Self:
        """Changes that nobody has approved, refused or withdrawn yet."""
        return self.filter(state__in=UNDECIDED)


class ChangeRecord(TenantModel):
    """One material change of a system, from the version it began at to the last version it gathered.

    A planned change has no later version until it is carried out. What took effect in an emergency did so before
    anybody approved it, and has to be approved by a day.
    """

    ref_kind = "change"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="changes")
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what changes and why"), blank=True)
    kinds = models.JSONField(_("kinds"), default=list)
    rules_version = models.PositiveIntegerField(editable=False)
    from_version = models.PositiveIntegerField(editable=False)
    to_version = models.PositiveIntegerField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ChangeState.choices, default=ChangeState.OPEN)
    is_planned = models.BooleanField(_("planned"), default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    opened_at = models.DateTimeField(editable=False)
    is_emergency = models.BooleanField(_("emergency"), default=False)
    emergency_reason = models.TextField(_("why it could not wait"), blank=True)
    approve_by = models.DateField(_("to be approved by"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_reason = models.TextField(_("reason"), blank=True)
    in_effect_at = models.DateTimeField(null=True, editable=False)
    worked_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedManager.from_queryset(ChangeQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        verbose_name = _("change record")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_change_per_code"),
            models.UniqueConstraint(
                fields=["system"], condition=Q(state__in=["open", "under-test"]), name="one_undecided_change_per_system"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(opened_by__isnull=True) | ~Q(decided_by=models.F("opened_by")),
                name="change_is_not_decided_by_who_opened_it",
            ),
            models.CheckConstraint(
                condition=Q(is_emergency=False)
                | (~Q(emergency_reason="") & Q(approve_by__isnull=False) & Q(in_effect_at__isnull=False)),
                name="emergency_says_why_and_by_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref_code(self) -> str:
        """Its code, such as CHG-2026-01."""
        return self.code

    @property
    def is_undecided(self) -> bool:
        """Whether nobody has approved, refused or withdrawn it yet."""
        return self.state in UNDECIDED

    @property
    def kind_labels(self) -> str:
        """Its kinds in words."""
        return ", ".join(str(KINDS[kind]) for kind in self.kinds if kind in KINDS)


class DemandState(models.TextChoices):
    """A demand is open until it is met, or a person says why it does not apply."""

    OPEN = "open", _("Open")
    FAILED = "failed", _("Failed")
    MET = "met", _("Met")
    WAIVED = "waived", _("Does not apply")


SETTLED = (DemandState.MET, DemandState.WAIVED)


class Demand(TenantModel):
    """One thing that a change demands, and how it was met: a result and its limit, or a reference, by whom and when.

    Approval is no row: it is the decision on the change itself.
    """

    ref_kind = "demand"

    change = models.ForeignKey(ChangeRecord, on_delete=models.PROTECT, related_name="demands")
    kind = models.CharField(_("demand"), max_length=12, choices=[(name, label) for name, label in DEMANDS.items()])
    state = models.CharField(_("state"), max_length=8, choices=DemandState.choices, default=DemandState.OPEN)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    benchmark = models.CharField(_("benchmark"), max_length=160, blank=True)
    value = models.DecimalField(_("result"), max_digits=24, decimal_places=9, null=True, blank=True)
    threshold = models.DecimalField(_("limit"), max_digits=24, decimal_places=9, null=True, blank=True)
    lower_is_better = models.BooleanField(_("lower is better"), default=False)
    share = models.DecimalField(_("share of the traffic (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("demand")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "kind"], name="one_demand_of_a_kind_per_change"),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(note=""), name="demand_that_does_not_apply_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref_code(self) -> str:
        """The change's code and the kind, such as CHG-2026-01/evaluation."""
        return f"{self.change.code}/{self.kind}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is missing."""
        return self.state in SETTLED


class Effect(models.TextChoices):
    """What the owner says of a thing that a change may touch."""

    UNSAID = "unsaid", _("Not said yet")
    TOUCHED = "touched", _("Touched")
    NONE = "none", _("No effect")


class Touched(TenantModel):
    """One thing that a change may touch, as another room named it when the change opened, and what its owner says."""

    ref_kind = "touched"

    change = models.ForeignKey(ChangeRecord, on_delete=models.PROTECT, related_name="touched")
    about = models.CharField(_("what"), max_length=120)
    group = models.CharField(max_length=20)
    title = models.CharField(_("title"), max_length=240)
    why = models.CharField(_("why it is named"), max_length=240, blank=True)
    address = models.CharField(max_length=300, blank=True)
    effect = models.CharField(_("effect"), max_length=8, choices=Effect.choices, default=Effect.UNSAID)
    because = models.CharField(_("because"), max_length=1000, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    said_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("touched thing")
        ordering = ["pk"]
        indexes = [models.Index(fields=["aims", "about"])]
        constraints = [
            models.UniqueConstraint(fields=["change", "about"], name="one_touched_row_per_change_and_thing"),
            models.CheckConstraint(condition=~Q(effect="none") | ~Q(because=""), name="no_effect_says_because"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.title}"

    @property
    def ref_code(self) -> str:
        """The change's code and the row, such as CHG-2026-01/12."""
        return f"{self.change.code}/{self.pk}"
