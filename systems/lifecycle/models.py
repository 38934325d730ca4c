"""Moves along the life cycle with their signatures, the rules of gates, who holds a function, and advice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.tenant import TenantModel
from systems.lifecycle.stages import SIGNED, Stage


class MoveState(models.TextChoices):
    """Asked for, then decided: under signatures, by one person, or not at all."""

    PROPOSED = "proposed", _("Waiting for signatures")
    SIGNED = "signed", _("Signed")
    DONE = "done", _("Done")
    DEFERRED = "deferred", _("Deferred")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Mode(models.TextChoices):
    """The decision modes of the vocabulary."""

    CONTINUE = "continue", _("Continue")
    PARTIAL = "partial", _("Continue under conditions")
    DEFER = "defer", _("Defer")
    REFUSE = "refuse", _("Refuse")


IN_FORCE = (MoveState.SIGNED, MoveState.DONE)


class Transition(TenantModel):
    """A move of a system from one stage to another: who asked, what the gate found then, and how it was decided.

    `judged_version` and `judged_digest` name the record that was judged; `gates` is what the gate found when it was
    asked, `judgement` what it found, and which authorities agreed, when it was decided.
    """

    ref_kind = "move"

    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    from_stage = models.CharField(_("from"), max_length=20, choices=Stage.choices)
    to_stage = models.CharField(_("to"), max_length=20, choices=Stage.choices)
    state = models.CharField(max_length=10, choices=MoveState.choices, default=MoveState.PROPOSED)
    mode = models.CharField(_("decision"), max_length=8, choices=Mode.choices, default=Mode.CONTINUE)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    harm = models.TextField(_("harm considered"), blank=True)
    is_reversible = models.BooleanField(_("can be reversed"), default=True)
    reversing = models.TextField(_("how it is reversed"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    judged_version = models.PositiveIntegerField()
    judged_digest = models.CharField(max_length=64)
    gates = models.JSONField(default=dict, blank=True)
    judgement = models.JSONField(default=dict, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(_("note"), blank=True)
    look_again_on = models.DateField(_("look again on"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="one_move_per_number"),
            models.UniqueConstraint(fields=["system"], condition=Q(state="proposed"), name="one_move_waits_per_system"),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False), name="decided_move_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(decided_by__isnull=False, asked_by__isnull=False, to_stage__in=SIGNED)
                & ~Q(decided_by=F("asked_by")),
                name="signed_move_is_signed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(to_stage__in=SIGNED), name="use_begins_under_signatures_only"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"

    @property
    def ref_code(self) -> str:
        """The system's code and the number of the move, such as SYS-01.3."""
        return f"{self.system.code}.{self.number}"


class Signature(TenantModel):
    """One person's agreement to a move, and the authority they gave it under; never changed."""

    ref_kind = "signature"

    move = models.ForeignKey(Transition, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=100)
    note = models.TextField(_("note"), blank=True)
    signed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["move", "person"], name="one_signature_per_person_and_move")]

    def __str__(self) -> str:
        return f"{self.authority} of move {self.move_id}"


class Advice(TenantModel):
    """What the data protection officer advises about a system; it is shown at the gate and shuts nothing."""

    ref_kind = "advice"

    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="advice")
    text = models.TextField(_("advice"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    judged_version = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Advice on {self.system_id}"


class GateRule(TenantModel):
    """Which authorities and checks must agree before a stage is entered, or wherever a control is relied on.

    Its history holds every earlier version; a gate without one follows the default of `composition`.
    """

    ref_kind = "gate-rule"

    stage = models.CharField(_("gate"), max_length=20, choices=[(one.value, one.label) for one in SIGNED], blank=True)
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, null=True, related_name="+")
    body = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["aims", "stage"], condition=~Q(stage=""), name="one_rule_per_gate"),
            models.UniqueConstraint(
                fields=["aims", "requirement"], condition=Q(requirement__isnull=False), name="one_rule_per_control"
            ),
            models.CheckConstraint(
                condition=Q(stage="") & Q(requirement__isnull=False) | ~Q(stage="") & Q(requirement__isnull=True),
                name="gate_rule_is_for_a_stage_or_a_control",
            ),
        ]

    def __str__(self) -> str:
        return self.stage or str(self.requirement)

    @property
    def ref_code(self) -> str:
        """The stage or the control it is for."""
        return self.stage or str(self.requirement.code if self.requirement else "")


class FunctionHolder(TenantModel):
    """A person who holds a named function, such as data protection officer; somebody else named them."""

    ref_kind = "function"

    name = models.CharField(_("function"), max_length=80)
    key = models.CharField(max_length=80, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["aims", "key", "person"],
                condition=Q(ended_at__isnull=True),
                name="one_function_once_per_person",
            ),
            models.CheckConstraint(condition=~Q(named_by=F("person")), name="nobody_names_themselves_to_a_function"),
        ]

    def __str__(self) -> str:
        return self.name
