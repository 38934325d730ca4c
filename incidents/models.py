"""Incidents, what was done about them, whom they are notified to; runbooks and their drills."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import ScopedManager
from aims.tenant import TenantModel
from incidents.words import OPEN, Kind, Means, Outcome, Standing, State


def person(**more: Any) -> Any:
    """A key to somebody, or to nobody."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", **more
    )


class IncidentQuerySet(models.QuerySet["Incident"]):
    """The vocabulary of incidents."""

    def open(self) -> Self:
        """Those that are not closed."""
        return self.filter(state__in=OPEN)


class Incident(TenantModel):
    """Something that went wrong, or nearly did, with an AI system.

    `happened` are the facts that duties to notify hang on; `references` point at assessments and risks, as typed
    references, that it casts doubt on.
    """

    ref_kind = "incident"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=160)
    what = models.TextField(_("what happened"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    happened = models.JSONField(_("facts that duties hang on"), default=list, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("occurred"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("noticed"))
    reported_by = person(editable=False)
    reporter = models.CharField(_("reported by"), max_length=160, editable=False)
    owner = person(verbose_name=_("owner"))
    affected = models.TextField(_("who is affected"), blank=True)
    affected_count = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REPORTED)
    cause = models.TextField(_("cause"), blank=True)
    whys = models.JSONField(_("five whys"), default=list, blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    references = models.JSONField(_("assessments and risks"), default=list, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = person(editable=False)

    objects = ScopedManager.from_queryset(IncidentQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        ordering = ["-noticed_at", "-pk"]
        indexes = [models.Index(fields=["aims", "system", "state"], name="incidents_of_a_system")]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_incident_per_code"),
            models.CheckConstraint(
                condition=Q(state=State.REPORTED) | Q(severity__range=(1, 4)), name="incident_past_triage_has_severity"
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED) ^ Q(closed_at__isnull=True), name="closed_incident_was_closed_then"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref_code(self) -> str:
        """Its code, such as INC-2026-01."""
        return self.code

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.state != State.CLOSED


class IncidentPart(TenantModel):
    """A row that belongs to one incident and bears its code."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta(TenantModel.Meta):
        abstract = True


class IncidentLink(IncidentPart):
    """A requirement that the incident bears on, and why."""

    ref_kind = "incident-link"

    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(IncidentPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "requirement"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_link_per_incident_and_requirement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} bears on {self.requirement_id}"


class IncidentNote(IncidentPart):
    """An entry of the timeline: written once, never changed."""

    ref_kind = "incident-note"

    at = models.DateTimeField(_("when"))
    text = models.TextField(_("what"))
    by = person(editable=False)
    writer = models.CharField(max_length=160, editable=False)

    class Meta(IncidentPart.Meta):
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Containment(IncidentPart):
    """What kept the harm from going on, when, by whom and why: written once."""

    ref_kind = "containment"

    means = models.CharField(_("what"), max_length=10, choices=Means.choices)
    at = models.DateTimeField(_("when"))
    why = models.TextField(_("why"))
    before = models.CharField(_("before"), max_length=300, blank=True)
    after = models.CharField(_("after"), max_length=300, blank=True)
    by = person(editable=False)

    class Meta(IncidentPart.Meta):
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return str(self.get_means_display())


class IncidentAction(IncidentPart):
    """A corrective action (10.2): what, by whom, until when, and what shows that it was done."""

    ref_kind = "incident-action"

    what = models.CharField(_("what is done"), max_length=300)
    owner = person(verbose_name=_("owner"))
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = person(editable=False)
    evidence = models.CharField(_("evidence"), max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(IncidentPart.Meta):
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.what


class Notification(IncidentPart):
    """One duty to notify of one incident, computed from its facts; what was sent stays whatever they become."""

    ref_kind = "notification"

    duty = models.CharField(max_length=60)
    title = models.CharField(_("duty"), max_length=200)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=40, blank=True)
    authority = models.CharField(_("to whom"), max_length=200)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    basis = models.TextField(_("why"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=Standing.choices, default=Standing.DUE)
    because = models.TextField(_("why it is not due"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    said_by = person(editable=False)

    class Meta(IncidentPart.Meta):
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["aims", "state", "due_at"], name="notifications_that_are_due")]
        constraints = [
            models.UniqueConstraint(fields=["incident", "duty"], name="one_notification_per_incident_and_duty"),
            models.CheckConstraint(
                condition=~Q(state=Standing.SENT) | Q(sent_at__isnull=False), name="sent_notification_was_sent_then"
            ),
            models.CheckConstraint(
                condition=~Q(state=Standing.NOT_DUE) | ~Q(because=""), name="notification_not_due_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OwnDuty(TenantModel):
    """A duty to notify that the organisation took on itself, by contract or by promise."""

    ref_kind = "notification-duty"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    title = models.CharField(_("duty"), max_length=160)
    authority = models.CharField(_("to whom"), max_length=160)
    source = models.CharField(_("where it is written"), max_length=160, blank=True)
    within = models.PositiveSmallIntegerField(_("within"))
    in_days = models.BooleanField(_("counted in days"), default=False)
    kinds = models.JSONField(_("for these kinds"), default=list, blank=True)
    least_severity = models.PositiveSmallIntegerField(_("down to severity"), default=4)
    system = models.ForeignKey(
        "systems.AiSystem", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("system")
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_own_duty_per_code"),
            models.CheckConstraint(
                condition=Q(within__range=(1, 365), least_severity__range=(1, 4)), name="own_duty_has_a_limit"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref_code(self) -> str:
        """Its code, such as ND-01."""
        return self.code


class Runbook(TenantModel):
    """What to do in incidents of some kinds; `edition` goes up when the steps change."""

    ref_kind = "runbook"
    DRILLED_EACH: ClassVar[tuple[int, int]] = (1, 36)

    code = models.CharField(_("reference"), max_length=20, editable=False)
    name = models.CharField(_("name"), max_length=160)
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    steps = models.TextField(_("steps"))
    owner = person(verbose_name=_("owner"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    reviewed_on = models.DateField(_("reviewed"), null=True, blank=True)
    drilled_each = models.PositiveSmallIntegerField(_("months between drills"), default=12)

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_runbook_per_code"),
            models.CheckConstraint(condition=Q(drilled_each__range=(1, 36)), name="runbook_is_drilled_in_three_years"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def ref_code(self) -> str:
        """Its code, such as RB-01."""
        return self.code


class Drill(TenantModel):
    """A runbook that was tried: what, how it went and what was found; written once."""

    ref_kind = "drill"

    runbook = models.ForeignKey(Runbook, on_delete=models.PROTECT, related_name="drills")
    edition = models.PositiveSmallIntegerField(editable=False)
    held_on = models.DateField(_("held on"))
    tried = models.TextField(_("what was tried"))
    outcome = models.CharField(_("result"), max_length=8, choices=Outcome.choices)
    findings = models.TextField(_("findings"), blank=True)
    by = person(editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.runbook_id} on {self.held_on}"
