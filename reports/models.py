"""What was handed over: rendered reports, each with what it was made from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.tenant import TenantModel, TenantRow


class Edition(models.TextChoices):
    """Who a report is for: the certification body reads all, a customer reads what is theirs to know."""

    FULL = "full", _("Certification body, complete")
    CUSTOMER = "customer", _("Customer")


class ReportKind(models.TextChoices):
    """What a report prints: the statement, one impact assessment, or the judgement of every system."""

    STATEMENT = "statement", _("Statement of Applicability")
    ASSESSMENT = "assessment", _("Impact assessment")
    PORTFOLIO = "portfolio", _("Impact assessments, portfolio")


class CertificateKind(models.TextChoices):
    """Where the certificate comes from: a made one is known to nobody else, an own one may chain to a known issuer."""

    MADE = "made", _("Made by Assay")
    OWN = "own", _("The organisation's own")


class SigningIdentity(TenantModel):
    """The certificate that signs reports: public facts only; its chain is PEM with the signer's own first."""

    ref_kind = "certificate"

    code = models.CharField(max_length=20, editable=False)
    kind = models.CharField(_("kind"), max_length=4, choices=CertificateKind.choices)
    name = models.CharField(_("name"), max_length=200)
    chain = models.TextField(editable=False)
    subject = models.TextField(_("subject"))
    issuer = models.TextField(_("issuer"))
    serial = models.TextField(_("serial number"))
    fingerprint_sha256 = models.CharField(_("SHA-256"), max_length=64)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    made_at = models.DateTimeField(default=clock.now, editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("certificate")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_certificate_per_code"),
            models.UniqueConstraint(
                fields=["aims"], condition=Q(replaced_at__isnull=True), name="one_certificate_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref_code(self) -> str:
        """Such as CERT-01."""
        return self.code


class SigningKey(TenantRow):
    """The private key of the certificate in force, sealed; it goes when the certificate is replaced."""

    identity = models.OneToOneField(SigningIdentity, on_delete=models.PROTECT, related_name="key")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.identity_id}"


class Report(TenantModel):
    """One report: of the statement (a version, the one in force on a date, or a draft), an assessment, the portfolio.

    `digest` names the frozen bytes of the decided assessment that was printed; it is empty for one that is not decided.
    """

    ref_kind = "report"

    kind = models.CharField(
        max_length=10, choices=ReportKind.choices, default=ReportKind.STATEMENT, db_default=ReportKind.STATEMENT
    )
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True, editable=False, default="", db_default="")
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
    signed_with = models.ForeignKey(SigningIdentity, on_delete=models.PROTECT, null=True, related_name="+")
    is_timestamped = models.BooleanField(default=False)
    signing_note = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or str(_("Report"))

    @property
    def is_draft(self) -> bool:
        """Whether it was made of something that nobody had decided, and says so on every page."""
        if self.kind == ReportKind.ASSESSMENT:
            return not self.digest
        return self.kind == ReportKind.STATEMENT and self.statement_version_id is None

    @property
    def is_shareable(self) -> bool:
        """Whether it may be handed to the certification body: finished, and of something that was decided."""
        return self.is_ready and not self.is_draft and self.kind != ReportKind.PORTFOLIO

    @property
    def is_ready(self) -> bool:
        """Whether its file is there."""
        return bool(self.sha256)


class Preset(models.TextChoices):
    """What an audit asks for; the contents can be changed from there."""

    STAGE1 = "stage1", _("Stage 1: documents")
    STAGE2 = "stage2", _("Stage 2: everything")
    SURVEILLANCE = "surveillance", _("Surveillance: everything, files since the last audit")


class Pack(TenantModel):
    """A certification pack: what was chosen, the version it hands over, and the file once it is made.

    `content_digest` (hex) is the same for two packs of one state and one choice; `records` is up to which record the
    chain in it reaches. A pack made by a command lies where the command put it, so `is_kept` says whether we hold it.
    """

    ref_kind = "pack"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    preset = models.CharField(_("audit"), max_length=12, choices=Preset.choices)
    controls = models.JSONField(_("controls"), default=list, blank=True)
    with_files = models.BooleanField(_("with files"), default=True)
    as_of = models.DateField(_("as of"), null=True)
    statement_version = models.ForeignKey("soa.StatementVersion", on_delete=models.PROTECT, null=True, related_name="+")
    instant = models.DateTimeField(null=True, editable=False)
    content_digest = models.CharField(_("content digest"), max_length=64, blank=True, editable=False)
    records = models.BigIntegerField(default=0, editable=False)
    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    size = models.BigIntegerField(default=0, editable=False)
    files = models.PositiveIntegerField(default=0, editable=False)
    name = models.CharField(max_length=200, blank=True, editable=False)
    is_kept = models.BooleanField(default=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["aims", "code"], name="one_pack_per_code")]

    def __str__(self) -> str:
        return self.code

    @property
    def ref_code(self) -> str:
        """Such as PK-003."""
        return self.code

    @property
    def is_ready(self) -> bool:
        """Whether it was made."""
        return bool(self.sha256)
