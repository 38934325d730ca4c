"""The API door to reviews of evidence."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, PersonSerializer, Text
from evidence import actions
from evidence.models import Review
from evidence.permissions import may_confirm_review

FINDINGS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"says": {"type": "string"}, "quote": {"type": "string"}},
        "required": ["says", "quote"],
    },
}
POINTS = {"type": "object", "additionalProperties": {"type": "integer"}}


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """How good a version is as proof for a control: `drafted` by a reader, `score` by a person, once one confirmed."""

    evidence = serializers.CharField(source="evidence_version.evidence.code")
    number = serializers.IntegerField(source="evidence_version.number", help_text="The version that was read.")
    control = serializers.CharField(source="requirement.code")
    confirmed_by = PersonSerializer(allow_null=True)
    strengths = serializers.SerializerMethodField()
    flags = serializers.SerializerMethodField()
    dimensions = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = (
            "id", "evidence", "number", "control", "drafted", "confidence", "dimensions", "strengths", "flags",
            "method", "provider", "model", "prompt", "note", "drafted_at", "score", "reason",
            "confirmed_by", "confirmed_at", "version",
        )  # fmt: skip

    @extend_schema_field(FINDINGS)
    def get_strengths(self, row: Review) -> list[dict[str, str]]:
        """Return what is strong, each quoting the document."""
        return list(row.strengths)

    @extend_schema_field(FINDINGS)
    def get_flags(self, row: Review) -> list[dict[str, str]]:
        """Return what an auditor would flag, each quoting the document or naming what is missing."""
        return list(row.flags)

    @extend_schema_field(POINTS)
    def get_dimensions(self, row: Review) -> dict[str, int]:
        """Return the points of each dimension of the rubric."""
        return dict(row.dimensions)


class ConfirmSerializer(serializers.Serializer[Any]):
    """The score of a reviewer; another one than the draft's needs a reason."""

    score = serializers.IntegerField(min_value=0, max_value=5)
    reason = Text(required=False)


class ReviewFilter(filters.FilterSet):  # type: ignore[misc]
    """What reviews can be narrowed by."""

    evidence = filters.CharFilter(field_name="evidence_version__evidence__code")
    control = filters.CharFilter(field_name="requirement__code")
    is_confirmed = filters.BooleanFilter(field_name="confirmed_at", lookup_expr="isnull", exclude=True)


@extend_schema_view(list=extend_schema(summary="List reviews of evidence"))
class ReviewDoor(Door):
    """Reviews of evidence: read drafts and what people confirmed, and confirm."""

    lookup_value_regex = "[0-9]{1,9}"
    queryset = Review.unscoped.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    tagged = frozenset({"retrieve", "confirm"})
    versioned = frozenset({"confirm"})

    def get_queryset(self) -> QuerySet[Any]:
        """Return the reviews with what they are of."""
        return Review.objects.select_related("evidence_version__evidence", "requirement", "confirmed_by")

    def list(self, request: Request) -> Response:
        """Return a page of reviews."""
        return self.listed(self.get_queryset(), lambda page: ReviewSerializer(page, many=True).data)

    @extend_schema(responses=ReviewSerializer, summary="Read a review of evidence")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one review."""
        return self._shown(self.one())

    @extend_schema(request=ConfirmSerializer, responses=ReviewSerializer, summary="Confirm a review of evidence")
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say how good it is; people only, who neither gave the version nor audit its time."""
        row = self.one()
        require(may_confirm_review(self.actor))
        said = self.said(ConfirmSerializer)
        with self.holding(row, **said) as seen:
            actions.confirm_review(row, **said, seen=seen, actor=self.actor)
        return self._shown(self.one())

    def _shown(self, row: Review) -> Response:
        return self.shown(ReviewSerializer(row).data, row.version)
