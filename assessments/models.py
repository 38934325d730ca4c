"""Judgement: AI system impact assessments, and risks to the organisation."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.tenant import TenantModel
from assessments.risk.models import Outcome, PlanState, RiskImpact, TreatmentPlan, Verification
from assessments.screening.models import Depth, Screening, ScreeningState
from assessments.sections.models import CoAuthor, Section, SectionComment, SectionText
from assessments.triggers.models import Trigger

__all__ = [
    "AffectedParty",
    "Assessment",
    "AssessmentState",
    "CoAuthor",
    "Decision",
    "Depth",
    "Duration",
    "Impact",
    "Measure",
    "MeasureKind",
    "Option",
    "Outcome",
    "PartyKind",
    "PlanState",
    "Publication",
    "Reversibility",
    "Risk",
    "RiskImpact",
    "Screening",
    "ScreeningState",
    "Section",
    "SectionComment",
    "SectionText",
    "Treatment",
    "TreatmentPlan",
    "Trigger",
    "Valence",
    "Verification",
]

SCORE = [MinValueValidator(1), MaxValueValidator(5)]


def _one_to_five(*fields: str) -> Q:
    allowed = Q()
    for field in fields:
        allowed &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 1, f"{field}__lte": 5})
    return allowed


class AssessmentState(models.TextChoices):
    """Written, submitted, then returned or decided; a later one supersedes it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("In review")
    RETURNED = "returned", _("Returned")
    DECIDED = "decided", _("Decided")
    SUPERSEDED = "superseded", _("Superseded")


class Decision(models.TextChoices):
    """The four outcomes of the vocabulary."""

    PROCEED = "proceed", _("Proceed")
    CONDITIONS = "conditions", _("Proceed with conditions")
    MITIGATE = "mitigate", _("Mitigate first")
    DECLINE = "decline", _("Decline")


class Publication(models.TextChoices):
    """Who may read what it found."""

    INTERNAL = "internal", _("Inside the organisation")
    AFFECTED = "affected", _("Summary for those affected")
    PUBLIC = "public", _("Published")


class Assessment(TenantModel):
    """An AI system impact assessment (6.1.4, A.5): judged by criteria that are frozen on it.

    `depth` is what the `screening` that led to it said; without one it is blank. `sensitive_uses` and `triggers` are
    codes of `sections/vocabulary.py`: the uses that cross a threshold, and what has it looked at again.
    """

    ref_kind = "assessment"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    edition = models.CharField(_("edition"), max_length=10, default="1.0")
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="assessments")
    system_version = models.CharField(_("version assessed"), max_length=60, blank=True)
    criteria = models.ForeignKey("aims.Criteria", on_delete=models.PROTECT, related_name="+", editable=False)
    intended_use = models.TextField(_("intended use"), blank=True)
    foreseeable_misuse = models.TextField(_("foreseeable misuse"), blank=True)
    oversight = models.TextField(_("human oversight"), blank=True)
    benefits = models.TextField(_("benefits"), blank=True)
    jurisdictions = models.JSONField(_("jurisdictions"), default=list, blank=True)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True, related_name="assessments")
    depth = models.CharField(_("depth"), max_length=8, choices=Depth.choices, blank=True)
    sensitive_uses = models.JSONField(_("sensitive uses"), default=list, blank=True)
    triggers = models.JSONField(_("looked at again upon"), default=list, blank=True)
    publication = models.CharField(
        _("publication"), max_length=8, choices=Publication.choices, default=Publication.INTERNAL
    )
    state = models.CharField(max_length=12, choices=AssessmentState.choices, default=AssessmentState.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices, blank=True)
    conditions = models.TextField(_("reason and conditions"), blank=True)
    conditions_by = models.DateField(_("conditions met by"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    frozen = models.BinaryField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code", "edition"], name="one_assessment_per_code_and_edition"),
            models.CheckConstraint(
                condition=~Q(state="decided") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="decided_assessment_has_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("author")),
                name="assessment_is_not_decided_by_its_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.system.name}"

    @property
    def ref_code(self) -> str:
        """Its reference with its edition, such as IA-2026-08@1.3."""
        return f"{self.code}@{self.edition}"


class PartyKind(models.TextChoices):
    """The three levels that impacts are judged at."""

    INDIVIDUAL = "individual", _("Individuals")
    GROUP = "group", _("Group")
    SOCIETY = "society", _("Society")


class AffectedParty(TenantModel):
    """Individuals, a group or a society that the AI system touches, and how they were heard."""

    ref_kind = "affected-party"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="parties")
    kind = models.CharField(_("level"), max_length=10, choices=PartyKind.choices)
    name = models.CharField(_("who"), max_length=160)
    per_year = models.PositiveIntegerField(_("how many a year"), null=True, blank=True)
    heard = models.CharField(_("how they were heard"), max_length=200, blank=True)
    can_opt_out = models.CharField(_("can opt out"), max_length=120, blank=True)
    is_vulnerable = models.BooleanField(_("vulnerable"), default=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Valence(models.TextChoices):
    """Benefits are never netted against harms."""

    HARM = "harm", _("Harm")
    BENEFIT = "benefit", _("Benefit")


class Duration(models.TextChoices):
    """How long an effect lasts on those it befalls."""

    MOMENTS = "moments", _("Moments")
    DAYS = "days", _("Days")
    MONTHS = "months", _("Months")
    YEARS = "years", _("Years")
    LASTING = "lasting", _("For good")


class Reversibility(models.TextChoices):
    """Whether an effect can be made good."""

    EASILY = "easily", _("Easily put right")
    EFFORT = "effort", _("Put right with effort")
    PARTLY = "partly", _("Put right in part")
    NEVER = "never", _("Cannot be put right")


class Impact(TenantModel):
    """One reasonably foreseeable effect: before measures, with the measures in place, and the dated target."""

    ref_kind = "impact"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="impacts")
    number = models.PositiveIntegerField()
    level = models.CharField(_("level"), max_length=10, choices=PartyKind.choices)
    valence = models.CharField(_("harm or benefit"), max_length=8, choices=Valence.choices, default=Valence.HARM)
    dimension = models.CharField(_("dimension"), max_length=60, blank=True)
    description = models.CharField(_("impact"), max_length=300)
    who = models.CharField(_("who"), max_length=160, blank=True)
    affected_number = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    duration = models.CharField(_("how long it lasts"), max_length=8, choices=Duration.choices, blank=True)
    reversibility = models.CharField(
        _("whether it can be put right"), max_length=8, choices=Reversibility.choices, blank=True
    )
    failure = models.CharField(_("predictable failure that leads to it"), max_length=300, blank=True)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), null=True, blank=True, validators=SCORE)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True, validators=SCORE)
    residual_likelihood = models.PositiveSmallIntegerField(null=True, blank=True, validators=SCORE)
    residual_severity = models.PositiveSmallIntegerField(null=True, blank=True, validators=SCORE)
    target_likelihood = models.PositiveSmallIntegerField(null=True, blank=True, validators=SCORE)
    target_severity = models.PositiveSmallIntegerField(null=True, blank=True, validators=SCORE)
    target_on = models.DateField(_("target date"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_impact_per_number"),
            models.CheckConstraint(
                condition=_one_to_five(
                    "likelihood",
                    "severity",
                    "residual_likelihood",
                    "residual_severity",
                    "target_likelihood",
                    "target_severity",
                ),
                name="impact_scores_lie_between_1_and_5",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def now(self) -> tuple[int | None, int | None]:
        """Likelihood and severity with the measures in place; where none is scored, those before measures."""
        return self.residual_likelihood or self.likelihood, self.residual_severity or self.severity


class MeasureKind(models.TextChoices):
    """What a measure is made of."""

    TECHNICAL = "technical", _("Technical")
    PROCEDURAL = "procedural", _("Procedural")


class Measure(TenantModel):
    """What is done about an impact, and the control that carries it.

    One in place that `is_failing` counts as little towards what remains as one that is not in place.
    """

    ref_kind = "measure"

    impact = models.ForeignKey(Impact, on_delete=models.PROTECT, related_name="measures")
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(_("measure"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=MeasureKind.choices, blank=True)
    is_in_place = models.BooleanField(_("in place"), default=False)
    is_failing = models.BooleanField(_("known to fail"), default=False)
    due_on = models.DateField(_("due"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def counts(self) -> bool:
        """Whether scores of what remains may lean on it."""
        return self.is_in_place and not self.is_failing


class Option(models.TextChoices):
    """What can be done about a risk (6.1.3)."""

    MODIFY = "modify", _("Reduce")
    RETAIN = "retain", _("Retain")
    AVOID = "avoid", _("Avoid")
    SHARE = "share", _("Share")


class Risk(TenantModel):
    """A risk to the organisation (6.1.2), its treatment (6.1.3), what remains and who accepted that."""

    ref_kind = "risk"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    title = models.CharField(_("risk"), max_length=200)
    reference = models.CharField(_("own reference"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("cause"), max_length=200, blank=True)
    source_kind = models.CharField(_("source"), max_length=80, blank=True)
    objective = models.CharField(_("objective threatened"), max_length=80, blank=True)
    consequence_organisation = models.TextField(_("consequence for the organisation"), blank=True)
    consequence_individuals = models.TextField(_("consequence for individuals and groups"), blank=True)
    consequence_societies = models.TextField(_("consequence for societies"), blank=True)
    system = models.ForeignKey(
        "systems.AiSystem", on_delete=models.PROTECT, null=True, blank=True, related_name="risks"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    criteria = models.ForeignKey("aims.Criteria", on_delete=models.PROTECT, related_name="+", editable=False)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), null=True, blank=True, validators=SCORE)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True, validators=SCORE)
    option = models.CharField(_("option"), max_length=8, choices=Option.choices, blank=True)
    plan = models.TextField(_("treatment plan"), blank=True)
    starts_on = models.DateField(_("treatment begins"), null=True, blank=True)
    due_on = models.DateField(_("treated by"), null=True, blank=True)
    done_on = models.DateField(_("treatment carried out"), null=True, blank=True)
    residual_likelihood = models.PositiveSmallIntegerField(null=True, blank=True, validators=SCORE)
    residual_severity = models.PositiveSmallIntegerField(null=True, blank=True, validators=SCORE)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, editable=False)
    acceptance_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_risk_per_code"),
            models.UniqueConstraint(
                fields=["aims", "reference"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(reference=""),
                name="one_risk_per_own_reference",
            ),
            models.CheckConstraint(
                condition=_one_to_five("likelihood", "severity", "residual_likelihood", "residual_severity"),
                name="risk_scores_lie_between_1_and_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref_code(self) -> str:
        """Its code, such as R-014."""
        return self.code

    @property
    def now(self) -> tuple[int | None, int | None]:
        """Likelihood and severity that remain; where none is scored, those before treatment."""
        return self.residual_likelihood or self.likelihood, self.residual_severity or self.severity


class Treatment(TenantModel):
    """A control that treats a risk."""

    ref_kind = "treatment"

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="treatments")
    requirement = models.ForeignKey("controls.Requirement", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["risk", "requirement"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_treatment_per_risk_and_requirement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} treats {self.risk_id}"
