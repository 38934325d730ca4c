"""What API clients are told of assessments and risks, and what they send, in its types."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from aims.api import Flag, NotHere, PersonSerializer, Text, Whole
from assessments.models import (
    AffectedParty,
    Assessment,
    Decision,
    Duration,
    Impact,
    Measure,
    MeasureKind,
    Option,
    Outcome,
    PartyKind,
    Publication,
    Reversibility,
    Risk,
    SectionText,
    Treatment,
    Verification,
)
from assessments.models import Valence as Valences
from controls.api import requirements_called
from systems.models import AiSystem

OWNER = "E-mail of a person of the organisation."


class Score(Whole):
    """A score from 1 to 5, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 5, "allow_null": True, "required": False} | kwargs)


def system_of(code: str | None) -> AiSystem | None:
    """Return the AI system of a code; none or a blank one is no system."""
    if not code:
        return None
    system: AiSystem | None = AiSystem.objects.filter(code=code).first()
    if system is None:
        raise NotHere(_("There is no AI system %s.") % code, field="system")
    return system


def control_of(said: dict[str, Any]) -> dict[str, Any]:
    """Return a body with its control, by id, as the clause or control it names."""
    if "control" not in said:
        return said
    code = said["control"]
    named = requirements_called([code], "control")[0] if code else None
    return {name: value for name, value in said.items() if name != "control"} | {"requirement": named}


class PartySerializer(serializers.ModelSerializer[AffectedParty]):
    """Somebody whom the AI system touches, and how they were heard."""

    class Meta:
        model = AffectedParty
        fields = ("id", "kind", "name", "per_year", "heard", "can_opt_out", "is_vulnerable", "version")


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    """What is done about an impact."""

    control = serializers.CharField(source="requirement.code", default=None, allow_null=True)

    class Meta:
        model = Measure
        fields = ("id", "text", "kind", "control", "is_in_place", "is_failing", "due_on", "version")


class ImpactSerializer(serializers.ModelSerializer[Impact]):
    """One effect: before measures, with those in place, and the dated target."""

    measures = MeasureSerializer(many=True, source="live_measures")

    class Meta:
        model = Impact
        fields = (
            "id", "number", "level", "valence", "dimension", "description", "who", "affected_number", "duration",
            "reversibility", "failure", "likelihood", "severity",
            "residual_likelihood", "residual_severity", "target_likelihood", "target_severity", "target_on",
            "measures", "version",
        )  # fmt: skip


class AnswerSerializer(serializers.ModelSerializer[SectionText]):
    """The answer to a question of a section, or why the question does not apply."""

    class Meta:
        model = SectionText
        fields = ("section", "question", "text", "not_applicable_because", "is_prefilled", "version")


class WriteAnswerSerializer(serializers.Serializer[Any]):
    """An answer or why there is none; `seen` is the version of the answer that was read, 0 while there is none."""

    seen = Whole(min_value=0)
    text = Text(max_length=20_000, required=False)
    not_applicable_because = Text(max_length=20_000, required=False)


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """An impact assessment as lists show it; `ref` names its edition."""

    ref = serializers.CharField(source="ref_code")
    system = serializers.CharField(source="system.code")
    author = PersonSerializer(allow_null=True)
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Assessment
        fields = (
            "ref", "code", "edition", "system", "system_version", "state", "author", "submitted_at", "decision",
            "conditions", "conditions_by", "decided_by", "decided_at", "next_review_on", "digest", "version",
            "changed_at",
        )  # fmt: skip


class AssessmentDetailSerializer(AssessmentSerializer):
    """An assessment with all that it says."""

    jurisdictions = serializers.ListField(child=serializers.CharField())
    criteria = serializers.IntegerField(source="criteria.number", help_text="Version of the criteria that judge it.")
    parties = PartySerializer(many=True, source="live_parties")
    impacts = ImpactSerializer(many=True, source="live_impacts")
    answers = AnswerSerializer(many=True, source="texts")
    sensitive_uses = serializers.ListField(child=serializers.CharField())
    triggers = serializers.ListField(child=serializers.CharField())

    class Meta(AssessmentSerializer.Meta):
        extra = ("intended_use", "foreseeable_misuse", "oversight", "benefits", "jurisdictions", "criteria")
        told = ("depth", "sensitive_uses", "triggers", "publication", "answers")
        fields = (*AssessmentSerializer.Meta.fields, *extra, *told, "parties", "impacts")  # type: ignore[assignment]


class StartSerializer(serializers.Serializer[Any]):
    """The AI system to assess, at which version."""

    system = Text(max_length=20)
    system_version = Text(max_length=60, required=False)


class TextsSerializer(serializers.Serializer[Any]):
    """What is written about the system and its use."""

    system_version = Text(max_length=60, required=False)
    intended_use = Text(required=False)
    foreseeable_misuse = Text(required=False)
    oversight = Text(required=False)
    benefits = Text(required=False)
    jurisdictions = serializers.ListField(child=Text(max_length=80), max_length=40, required=False)
    sensitive_uses = serializers.ListField(child=Text(max_length=40), max_length=40, required=False)
    triggers = serializers.ListField(child=Text(max_length=40), max_length=40, required=False)
    publication = serializers.ChoiceField(Publication.choices, required=False)


class WritePartySerializer(serializers.Serializer[Any]):
    """What is said of an affected party; `per_year` counts people."""

    kind = serializers.ChoiceField(PartyKind.choices)
    name = Text(max_length=160)
    per_year = Whole(min_value=0, max_value=2_000_000_000, allow_null=True, required=False)
    heard = Text(max_length=200, required=False)
    can_opt_out = Text(max_length=120, required=False)
    is_vulnerable = Flag(required=False)


class WriteImpactSerializer(serializers.Serializer[Any]):
    """The words of an impact and its scores."""

    level = serializers.ChoiceField(PartyKind.choices)
    valence = serializers.ChoiceField(Valences.choices, required=False)
    dimension = Text(max_length=60, required=False)
    description = Text(max_length=300)
    who = Text(max_length=160, required=False)
    affected_number = Whole(min_value=0, max_value=2_000_000_000, allow_null=True, required=False)
    duration = serializers.ChoiceField(Duration.choices, required=False, allow_blank=True)
    reversibility = serializers.ChoiceField(Reversibility.choices, required=False, allow_blank=True)
    failure = Text(max_length=300, required=False)
    likelihood = Score()
    severity = Score()
    residual_likelihood = Score()
    residual_severity = Score()
    target_likelihood = Score()
    target_severity = Score()
    target_on = serializers.DateField(allow_null=True, required=False)


class WriteMeasureSerializer(serializers.Serializer[Any]):
    """What a measure is; only one that is in place counts towards what remains."""

    text = Text(max_length=300)
    control = Text(max_length=20, required=False, allow_null=True)
    kind = serializers.ChoiceField(MeasureKind.choices, required=False, allow_blank=True)
    is_in_place = Flag(required=False)
    is_failing = Flag(required=False)
    due_on = serializers.DateField(allow_null=True, required=False)


class DecideAssessmentSerializer(serializers.Serializer[Any]):
    """Whether the system may be used; conditions need a date, and using it a next review."""

    decision = serializers.ChoiceField(Decision.choices)
    reason = Text()
    conditions_by = serializers.DateField(allow_null=True, required=False)
    next_review_on = serializers.DateField(allow_null=True, required=False)


class ReasonedSerializer(serializers.Serializer[Any]):
    """The reason."""

    reason = Text()


class TreatmentSerializer(serializers.ModelSerializer[Treatment]):
    """A control that treats a risk."""

    control = serializers.CharField(source="requirement.code")

    class Meta:
        model = Treatment
        fields = ("id", "control", "version")


class VerificationSerializer(serializers.ModelSerializer[Verification]):
    """What a look at a treatment found (8.3)."""

    verified_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Verification
        fields = ("outcome", "grounds", "verified_on", "verified_by")


class VerifySerializer(serializers.Serializer[Any]):
    """What a look at a treatment found, and on what grounds."""

    outcome = serializers.ChoiceField(Outcome.choices)
    grounds = Text()
    verified_on = serializers.DateField()


class RiskSerializer(serializers.ModelSerializer[Risk]):
    """A risk to the organisation, its treatment, what remains and who accepted that."""

    system = serializers.CharField(source="system.code", default=None, allow_null=True)
    owner = PersonSerializer(allow_null=True)
    accepted_by = PersonSerializer(allow_null=True)
    treatments = TreatmentSerializer(many=True, source="live_treatments")
    verifications = VerificationSerializer(many=True)
    criteria = serializers.IntegerField(source="criteria.number", help_text="Version of the criteria that judge it.")

    class Meta:
        model = Risk
        fields = (
            "code", "title", "reference", "description", "source", "source_kind", "objective",
            "consequence_organisation", "consequence_individuals", "consequence_societies", "system", "owner",
            "likelihood", "severity", "option", "plan", "starts_on", "due_on", "done_on",
            "residual_likelihood", "residual_severity", "accepted_by", "accepted_at", "acceptance_reason",
            "withdrawn_at", "treatments", "verifications", "criteria", "version", "changed_at",
        )  # fmt: skip


class WriteRiskSerializer(serializers.Serializer[Any]):
    """What is said of a risk; scores are 1 to 5, before treatment and what remains."""

    title = Text(max_length=200)
    reference = Text(max_length=60, required=False)
    description = Text(required=False)
    source = Text(max_length=200, required=False)  # type: ignore[assignment]
    source_kind = Text(max_length=80, required=False, help_text="A source of Annex C.3, or your own")
    objective = Text(max_length=80, required=False, help_text="An objective of Annex C.2, or your own")
    consequence_organisation = Text(required=False)
    consequence_individuals = Text(required=False)
    consequence_societies = Text(required=False)
    system = Text(max_length=20, required=False, allow_null=True)
    owner = Text(max_length=254, required=False, allow_null=True, help_text=OWNER)
    likelihood = Score()
    severity = Score()
    option = serializers.ChoiceField(Option.choices, required=False, allow_blank=True)
    plan = Text(required=False)
    starts_on = serializers.DateField(allow_null=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)
    done_on = serializers.DateField(allow_null=True, required=False)
    residual_likelihood = Score()
    residual_severity = Score()


class EditRiskSerializer(WriteRiskSerializer):
    """What changes of a risk, and why."""

    reason = Text(required=False)


class TreatSerializer(serializers.Serializer[Any]):
    """A clause or control, by its id."""

    control = Text(max_length=20)
