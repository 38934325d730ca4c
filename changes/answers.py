"""Changes as the API answers and takes them."""

from typing import Any

from rest_framework import serializers

from aims.api import Flag, PersonSerializer, Text, Whole
from changes.material import CHOICES
from changes.models import ChangeRecord, Demand, Effect, Touched


class DemandSerializer(serializers.ModelSerializer[Demand]):
    """One demand and how it was met."""

    by = PersonSerializer(allow_null=True)

    class Meta:
        model = Demand
        fields = (
            "kind", "state", "reference", "benchmark", "value", "threshold", "lower_is_better", "share", "hours",
            "note", "by", "at",
        )  # fmt: skip


class ThingSerializer(serializers.ModelSerializer[Touched]):
    """One thing that the change may touch."""

    said_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Touched
        fields = ("about", "group", "title", "why", "effect", "because", "said_by", "said_at")


class LackSerializer(serializers.Serializer[Any]):
    """One thing that is missing."""

    key = serializers.CharField()
    words = serializers.CharField()
    address = serializers.CharField()


class ChangeSerializer(serializers.ModelSerializer[ChangeRecord]):
    """A change with everything it demands, touches and lacks."""

    system = serializers.CharField(source="system.code")
    kinds = serializers.ListField(child=serializers.ChoiceField(CHOICES))
    opened_by = PersonSerializer(allow_null=True)
    decided_by = PersonSerializer(allow_null=True)
    demands = DemandSerializer(many=True)
    touched = ThingSerializer(many=True)
    lacks = LackSerializer(many=True)

    class Meta:
        model = ChangeRecord
        fields = (
            "code", "system", "title", "summary", "kinds", "rules_version", "from_version", "to_version", "state",
            "is_planned", "opened_by", "opened_at", "is_emergency", "emergency_reason", "approve_by", "decided_by",
            "decided_at", "decision_reason", "in_effect_at", "demands", "touched", "lacks", "version", "changed_at",
        )  # fmt: skip


class PlanChangeSerializer(serializers.Serializer[Any]):
    """A change to plan."""

    system = Text(max_length=20, help_text="The code of an AI system.")
    title = Text(max_length=160)
    kinds = serializers.ListField(child=serializers.ChoiceField(CHOICES), max_length=20)
    summary = Text(required=False)


class WordsOfChangeSerializer(serializers.Serializer[Any]):
    """A change in words."""

    title = Text(max_length=160)
    summary = Text()


class ResultSerializer(serializers.Serializer[Any]):
    """A result of the regression evaluation."""

    benchmark = Text(max_length=160)
    value = serializers.DecimalField(max_digits=24, decimal_places=9)
    threshold = serializers.DecimalField(max_digits=24, decimal_places=9)
    lower_is_better = Flag(required=False)
    note = Text(required=False)


class CanarySerializer(serializers.Serializer[Any]):
    """How a canary went."""

    share = serializers.DecimalField(max_digits=5, decimal_places=2)
    hours = Whole(min_value=0, max_value=100_000)
    has_passed = Flag()
    note = Text(required=False)


class MeetSerializer(serializers.Serializer[Any]):
    """What another room holds."""

    reference = Text(max_length=120)


class ReasonedChangeSerializer(serializers.Serializer[Any]):
    """A reason."""

    reason = Text()


class ApproveChangeSerializer(serializers.Serializer[Any]):
    """What an approver adds, if anything."""

    reason = Text(required=False)


class EmergencySerializer(ReasonedChangeSerializer):
    """Why a change could not wait, and by when it is approved."""

    approve_by = serializers.DateField(required=False, allow_null=True)


class SaidSerializer(serializers.Serializer[Any]):
    """What is said of one thing."""

    about = Text(max_length=120, help_text="Its reference, as the change lists it.")
    effect = serializers.ChoiceField([choice for choice in Effect.choices if choice[0] != Effect.UNSAID])
    because = Text(required=False, max_length=1000)


class TouchedSerializer(serializers.Serializer[Any]):
    """What is said of several things."""

    things = SaidSerializer(many=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """One place that differs."""

    place = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(["added", "removed", "changed"])
    before = serializers.CharField()
    after = serializers.CharField()
    means = serializers.CharField()


class VersionsComparedSerializer(serializers.Serializer[Any]):
    """The places of one section that differ."""

    title = serializers.CharField()
    rows = DifferenceSerializer(many=True)
