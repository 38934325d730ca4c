"""What stands in the sections of an assessment: answers, comments on them, and who else writes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.tenant import TenantModel


class Section(models.TextChoices):
    """The sections of an assessment, in their order (ISO/IEC 42005:2025, clause 6)."""

    SCOPE = "scope", _("Identification and scope")
    SYSTEM = "system", _("System and purpose")
    DATA = "data", _("Data and its quality")
    MODEL = "model", _("Model and algorithm")
    DEPLOYMENT = "deployment", _("Deployment and oversight")
    PARTIES = "parties", _("Affected parties")
    IMPACTS = "impacts", _("Impacts")
    MEASURES = "measures", _("Mitigations")
    SOCIETY = "society", _("Society and law")
    DECISION = "decision", _("Decision")


class SectionText(TenantModel):
    """The answer to one question of a section, or why the question does not apply.

    `is_prefilled` until a person has saved it: it was taken from the system's record.
    `changed_by` is who wrote it last.
    """

    ref_kind = "answer"

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="texts")
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    question = models.CharField(_("question"), max_length=40)
    text = models.TextField(_("answer"), blank=True)
    not_applicable_because = models.TextField(_("not applicable because"), blank=True)
    is_prefilled = models.BooleanField(_("taken from the register"), default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="one_answer_per_question"),
            models.CheckConstraint(
                condition=Q(text="") | Q(not_applicable_because=""), name="answer_or_reason_why_it_does_not_apply"
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_told(self) -> bool:
        """Whether there is an answer, or a reason why there is none."""
        return bool(self.text.strip() or self.not_applicable_because.strip())


class SectionComment(TenantModel):
    """A remark on a section for the others who write or decide, until somebody settles it."""

    ref_kind = "comment"

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="comments")
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    text = models.TextField(_("comment"), max_length=2_000)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    said_at = models.DateTimeField(editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class CoAuthor(TenantModel):
    """Somebody who writes an assessment beside its author, until they are taken off it."""

    ref_kind = "co-author"

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="co_authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "user"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_co_author_per_assessment_and_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} writes {self.assessment_id}"
