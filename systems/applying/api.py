"""The API door of what applies to one system."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api import CODE, Door
from systems.applying.classify import classify
from systems.applying.evaluate import proposals
from systems.applying.rules import Strength
from systems.models import AiSystem


class ProposalSerializer(serializers.Serializer[Any]):
    """A requirement that a fact or role of a system speaks for, and why."""

    requirement = serializers.CharField()
    rule = serializers.CharField()
    strength = serializers.ChoiceField([(one.value, one.value) for one in Strength])
    reason = serializers.CharField(help_text="The reason code that the fact would be, or nothing.")
    sentence = serializers.CharField()


class ClassificationNoteSerializer(serializers.Serializer[Any]):
    """Something missing or contradictory, with the field that mends it."""

    field = serializers.CharField()
    words = serializers.CharField()


class DutySerializer(serializers.Serializer[Any]):
    """A duty of the EU AI Act that follows, and from when; `controls` are near, and none of them is conformity."""

    article = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    applies_from = serializers.DateField()
    basis = serializers.CharField()
    controls = serializers.ListField(child=serializers.CharField())


class ClassificationSerializer(serializers.Serializer[Any]):
    """What a record says to the EU AI Act; `tier` is empty while its basis is not complete."""

    tier = serializers.CharField()
    stated = serializers.CharField()
    basis = serializers.ListField(child=serializers.CharField())
    duties = DutySerializer(many=True)
    missing = ClassificationNoteSerializer(many=True)
    contradictions = ClassificationNoteSerializer(many=True)


PLACE = OpenApiParameter("code", {"type": "string", "pattern": f"^{CODE}$"}, OpenApiParameter.PATH)


class ApplyingDoor(Door):
    """What follows from the record of one system."""

    lookup_field = "code"
    queryset = AiSystem.unscoped.none()
    serializer_class = ProposalSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[AiSystem]:
        """Return the systems of the AIMS."""
        return AiSystem.objects.all()

    @extend_schema(responses=ProposalSerializer(many=True), parameters=[PLACE], summary="List what its facts speak for")
    def proposals(self, request: Request, code: str) -> Response:
        """Return each requirement with the sentence of each rule that asks for it; a person decides."""
        system = self.one()
        found = proposals([(system.code, system.record)])
        rows = [
            {
                "requirement": one.requirement,
                "rule": one.rule,
                "strength": one.strength.value,
                "reason": one.reason,
                "sentence": one.sentences[0],
            }
            for one in found
        ]
        return Response(ProposalSerializer(rows, many=True).data)

    @extend_schema(responses=ClassificationSerializer, parameters=[PLACE], summary="Read what it says to the EU AI Act")
    def classification(self, request: Request, code: str) -> Response:
        """Return tier, basis, duties with their dates, what is missing and what contradicts."""
        return Response(ClassificationSerializer(asdict(classify(self.one().record))).data)
