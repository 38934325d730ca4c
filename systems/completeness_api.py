"""The API door to statements that the registry is complete."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, PersonSerializer, Text, Whole
from aims.filters import FlagFilter
from systems import actions
from systems.models import CompletenessStatement
from systems.permissions import may_state_completeness


class CompletenessFilter(filters.FilterSet):  # type: ignore[misc]
    """What the statements can be narrowed by."""

    unit = filters.CharFilter(label="The unit; the whole organisation has none")
    in_force = FlagFilter(method="standing", label="Neither replaced nor taken back")

    def standing(
        self,
        rows: QuerySet[CompletenessStatement],
        _name: str,
        value: bool,  # noqa: FBT001
    ) -> QuerySet[CompletenessStatement]:
        """Keep those in force, or those that are not."""
        standing = {"replaced_at__isnull": True, "withdrawn_at__isnull": True}
        return rows.filter(**standing) if value else rows.exclude(**standing)


class CompletenessSerializer(serializers.ModelSerializer[CompletenessStatement]):
    """Who stated that these are all AI systems of a unit, when, how they know and until when it holds."""

    stated_by = PersonSerializer()

    class Meta:
        model = CompletenessStatement
        fields = (
            "code", "unit", "stated_on", "stated_by", "method", "valid_until", "count", "digest", "systems",
            "replaced_at", "withdrawn_at", "version",
        )  # fmt: skip


class StateSerializer(serializers.Serializer[Any]):
    """That these are all; `seen` is how many systems of the unit there are, so that a new one is not stated unseen."""

    unit = Text(max_length=160, required=False)
    seen = Whole(min_value=0)
    method = Text(max_length=4_000)
    valid_until = serializers.DateField()


class TakeBackSerializer(serializers.Serializer[Any]):
    """Why the statement is taken back."""

    reason = Text()


@extend_schema_view(list=extend_schema(summary="List statements of completeness"))
class CompletenessDoor(Door):
    """Statements that the registry holds all AI systems of a unit: state and take back, people only."""

    lookup_field = "code"
    queryset = CompletenessStatement.unscoped.none()
    serializer_class = CompletenessSerializer
    filterset_class = CompletenessFilter
    tagged = frozenset({"retrieve", "create", "withdraw"})
    versioned = frozenset({"withdraw"})

    def get_queryset(self) -> QuerySet[CompletenessStatement]:
        """Return them with who stated them, newest first."""
        return CompletenessStatement.objects.select_related("stated_by").order_by("-id")

    def list(self, request: Request) -> Response:
        """Return every statement, replaced ones too."""
        return self.listed(self.get_queryset(), lambda page: CompletenessSerializer(page, many=True).data)

    @extend_schema(responses=CompletenessSerializer, summary="Read a statement of completeness")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one statement."""
        return self._answer(self.one())

    @extend_schema(
        request=StateSerializer, responses={201: CompletenessSerializer}, summary="State that a unit is complete"
    )
    def create(self, request: Request) -> Response:
        """State that the registry holds all AI systems of a unit; replaces the statement in force."""
        require(may_state_completeness(self.actor))
        said = self.said(StateSerializer)
        row = actions.state_completeness(said.pop("unit", ""), **said, actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(request=TakeBackSerializer, responses=CompletenessSerializer, summary="Take a statement back")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """Take a statement back with its reason; it stays in the history."""
        row = self.one(lambda actor, _row: may_state_completeness(actor))
        reason = self.said(TakeBackSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.withdraw_completeness(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(self.get_queryset().get(pk=row.pk))

    def _answer(self, row: CompletenessStatement, status: int = 200) -> Response:
        place = reverse("api:completeness-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(CompletenessSerializer(row).data, row.version, status=status, location=place)
