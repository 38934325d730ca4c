"""Identity providers of an organisation, whom they name, and sign-ins under way."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel, TenantRow


class Protocol(models.TextChoices):
    """How Assay and the provider talk."""

    OIDC = "oidc", _("OpenID Connect")
    SAML = "saml", _("SAML 2.0")


class Provider(TenantModel):
    """One identity provider of one organisation. Its client secret lies apart, so that no history holds it."""

    ref_kind = "provider"

    code = models.CharField(max_length=20)
    protocol = models.CharField(_("protocol"), max_length=4, choices=Protocol.choices)
    name = models.CharField(_("name"), max_length=60)
    issuer = models.CharField(_("issuer"), max_length=500, blank=True)
    client_id = models.CharField(_("client id"), max_length=255, blank=True)
    secret_set_at = models.DateTimeField(_("client secret set"), null=True)
    sso_url = models.CharField(_("sign-in address"), max_length=500, blank=True)
    certificates = models.JSONField(_("certificates"), default=list)
    domains = models.JSONField(_("trusted domains"), default=list)
    vouches = models.BooleanField(_("vouches for addresses"), default=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "code"], name="one_provider_per_code")]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def ref_code(self) -> str:
        """Its code, such as IDP-01."""
        return self.code

    @property
    def is_oidc(self) -> bool:
        """Whether it talks OpenID Connect; else SAML."""
        return self.protocol == Protocol.OIDC

    @property
    def is_ready(self) -> bool:
        """Whether everything is filled in that a sign-in needs."""
        filled = (self.client_id and self.secret_set_at) if self.is_oidc else (self.sso_url and self.certificates)
        return bool(self.issuer and filled) and self.withdrawn_at is None


class ProviderSecret(TenantRow):
    """The client secret, sealed as private keys are."""

    provider = models.OneToOneField(Provider, on_delete=models.PROTECT, related_name="secret")
    sealed = models.BinaryField()

    class Meta(TenantRow.Meta):
        pass

    def __str__(self) -> str:
        return f"secret of {self.provider_id}"


class Rule(TenantModel):
    """Whether members come in by a provider only."""

    ref_kind = "sign-in-rule"

    is_required = models.BooleanField(_("single sign-on required"), default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["aims"], name="one_rule_per_aims")]

    def __str__(self) -> str:
        return "required" if self.is_required else "not required"

    @property
    def ref_code(self) -> str:
        """There is one in an AIMS."""
        return "1"


class How(models.TextChoices):
    """What linked an identity to a person for the first time."""

    INVITATION = "invitation", _("by accepting an invitation")
    PERSON = "person", _("by the person, who was signed in")
    DOMAIN = "domain", _("by a verified address at a trusted domain")


class Identity(TenantRow):
    """Whom a provider names by (issuer, subject), linked to a person; never found by e-mail once it is there."""

    ref_kind: ClassVar[str] = "identity"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="identities")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    how = models.CharField(max_length=10, choices=How.choices)
    linked_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    unlinked_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "issuer", "subject"],
                condition=Q(unlinked_at__isnull=True),
                name="one_person_per_identity",
            ),
            models.UniqueConstraint(
                fields=["provider", "user"], condition=Q(unlinked_at__isnull=True), name="one_identity_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"

    @property
    def ref_code(self) -> str:
        """Its number in the database: a subject would be personal."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference under which the chain knows it."""
        return f"{self.ref_kind}:{self.pk}"

    @property
    def version(self) -> int:
        """Linked is 1, unlinked is 2."""
        return 2 if self.unlinked_at else 1


class Purpose(models.TextChoices):
    """What somebody goes to a provider for."""

    ENTER = "enter", _("sign in")
    LINK = "link", _("link to oneself")
    JOIN = "join", _("accept an invitation")
    AGAIN = "again", _("prove oneself again")


class Attempt(TenantRow):
    """One way to a provider and back, taken once; the browser holds the handle, this row its SHA-256."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=5, choices=Purpose.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    nonce = models.CharField(max_length=64)
    verifier = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64, blank=True)
    next_url = models.CharField(max_length=500, blank=True)
    said = models.JSONField(null=True)
    begun_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.purpose} by {self.provider_id}"
