"""The management system: the tenant, its scope, obligations, criteria and the people who hold roles in it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts import clock
from accounts.roles import Role
from aims.tenant import TenantModel, TenantRow
from aims.vocabulary import Band, ObligationKind
from ledger.governed import Governed


class Aims(Governed):
    """One organisation's AI management system: the tenant."""

    ref_kind = "aims"

    slug = models.SlugField(max_length=40, unique=True)
    organisation = models.CharField(_("organisation"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/London")
    roles_played = models.JSONField(_("AI roles played"), default=list, blank=True)
    jurisdictions = models.JSONField(_("jurisdictions"), default=list, blank=True)
    document_code = models.CharField(_("document code"), max_length=40, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    history: Any = HistoricalRecords(history_change_reason_field=models.TextField(null=True), user_db_constraint=False)

    def __str__(self) -> str:
        return self.organisation

    @property
    def ref_code(self) -> str:
        """Its slug."""
        return self.slug

    @property
    def name(self) -> str:
        """What running text calls the organisation."""
        return self.short_name or self.organisation

    @property
    def aims_id(self) -> int:
        """Its own tenant."""
        return self.pk


class ScopeStatement(TenantModel):
    """The scope of the AIMS (4.3): a numbered version that later ones replace and never change."""

    ref_kind = "scope"

    number = models.PositiveIntegerField()
    text = models.TextField(_("scope"))
    boundaries = models.TextField(_("boundaries and interfaces"), blank=True)
    sites = models.CharField(_("sites"), max_length=300, blank=True)
    effective_on = models.DateField(_("effective on"))

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "number"], name="one_scope_per_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Scope, version {self.number}"

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.number)


class Obligation(TenantModel):
    """A law, a contract, an interested party's need or an AI objective that a decision's reason can point at."""

    ref_kind = "obligation"

    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=10, choices=ObligationKind.choices)
    title = models.CharField(_("title"), max_length=200)
    party = models.CharField(_("interested party"), max_length=160, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    text = models.TextField(_("what it asks"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "code"], name="one_obligation_per_code")]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref_code(self) -> str:
        """Its code, such as O-11."""
        return self.code


class Criteria(TenantModel):
    """The scales and bands that judgements are made by; frozen on each assessment, so a new version changes none.

    `acceptable_score` is where the band ends that needs no treatment (0: none), for the database to ask.
    `accepts` says by band who may accept it (`aims.acceptance`), `named` narrows that to people, by their pseudonyms.
    """

    ref_kind = "criteria"

    number = models.PositiveIntegerField()
    likelihood = models.JSONField()
    severity = models.JSONField()
    bands = models.JSONField()
    severity_five_at_least = models.CharField(max_length=10, choices=Band.choices, default=Band.HIGH)
    acceptance = models.JSONField(default=dict)
    acceptable_up_to = models.CharField(max_length=10, choices=Band.choices, default=Band.LOW, blank=True)
    acceptable_score = models.PositiveSmallIntegerField(default=4)
    escalate_from = models.CharField(max_length=10, choices=Band.choices, default=Band.HIGH)
    accepts = models.JSONField(default=dict)
    named = models.JSONField(default=dict)
    why = models.TextField(_("why"), blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "number"], name="one_criteria_per_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Criteria, version {self.number}"

    @property
    def ref_code(self) -> str:
        """Its number."""
        return str(self.number)

    def band(self, likelihood: int, severity: int) -> Band:
        """Return the band of a cell of the 5x5 matrix; severity 5 never falls below its floor."""
        score = likelihood * severity
        found = next(Band(name) for name, (low, high) in self.bands.items() if low <= score <= high)
        order = list(Band)
        floor = Band(self.severity_five_at_least) if severity == 5 else Band.LOW
        return max(found, floor, key=order.index)

    def is_acceptable(self, band: Band) -> bool:
        """Whether a level needs no treatment and nobody's acceptance."""
        order = ["", *Band]
        return order.index(band) <= order.index(self.acceptable_up_to)

    def is_escalated(self, band: Band) -> bool:
        """Whether a level is for top management to settle."""
        order = list(Band)
        return order.index(band) >= order.index(Band(self.escalate_from))


class Membership(TenantModel):
    """A role held in the AIMS, as a credential: who granted it, its scope, from when and until when.

    `deputises` is the membership that a deputy stands in for; the deputy's ends with it.
    """

    ref_kind = "membership"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    scope = models.CharField(_("scope"), max_length=120, default="whole AIMS")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    deputises = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["aims", "user", "role"],
                condition=Q(revoked_at__isnull=True, deputises__isnull=True),
                name="one_live_role_per_person",
            ),
            models.CheckConstraint(
                condition=Q(deputises__isnull=True) | Q(valid_until__isnull=False), name="deputy_ends_on_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"


class Share(TenantModel):
    """One thing that a seat of the certification body may read: whose seat, who shared it, until when.

    Everything that is not shared is closed to the seat. `subject` is a typed reference, such as `version:SOA-3`.
    """

    ref_kind = "share"

    seat = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="shares")
    subject = models.CharField(_("what"), max_length=120)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    shared_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(_("until"), null=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "subject"], condition=Q(withdrawn_at__isnull=True), name="shared_once_with_a_seat"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} shared with {self.seat_id}"


class Invitation(TenantRow):
    """A person named before they had a sign-in; only the SHA-256 of the link's secret is kept."""

    ref_kind: ClassVar[str] = "invitation"

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    roles = models.JSONField(default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "user"], name="one_invitation_per_person")]

    def __str__(self) -> str:
        return f"invitation of {self.email or self.name}"

    @property
    def ref_code(self) -> str:
        """Its number in the database: an address would be personal."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain knows it."""
        return f"{self.ref_kind}:{self.pk}"

    @property
    def version(self) -> int:
        """Open is 1, accepted is 2."""
        return 2 if self.accepted_at else 1

    @property
    def is_waiting(self) -> bool:
        """Whether a link is out that still works."""
        return (
            bool(self.digest) and not self.accepted_at and self.expires_at is not None and self.expires_at > clock.now()
        )


class Counter(TenantRow):
    """The next number of each kind of reference, so that references stay unique and without gaps."""

    kind = models.CharField(max_length=30)
    last = models.PositiveIntegerField(default=0)

    class Meta(TenantRow.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["aims", "kind"], name="one_counter_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class SavedView(TenantRow):
    """What a list page shows, kept under a name: `query` is the part of its address that filters and sorts."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1_000, blank=True)
    is_shared = models.BooleanField(_("for everybody"), default=False)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta(TenantRow.Meta):
        ordering = ["page", "name"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "owner", "page", "name"], name="one_view_per_name_page_and_owner")
        ]

    def __str__(self) -> str:
        return self.name


class ViewDefault(TenantRow):
    """The view with which a person begins a page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "user", "page"], name="one_default_per_page_and_person")]

    def __str__(self) -> str:
        return self.page
