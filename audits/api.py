"""The API door to the certification cycle."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, PersonSerializer, Text, person_called
from audits import actions
from audits.models import Milestone, MilestoneKind
from audits.permissions import may_hold, may_plan


class MilestoneFilter(filters.FilterSet):  # type: ignore[misc]
    """What the dates can be narrowed by."""

    kind = filters.ChoiceFilter(choices=MilestoneKind.choices)


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A date of the cycle, planned and then held."""

    owner = PersonSerializer(allow_null=True)

    class Meta:
        model = Milestone
        fields = ("id", "kind", "due_on", "held_on", "owner", "body", "reference", "withdrawn_at", "version")


class PlanMilestoneSerializer(serializers.Serializer[Any]):
    """What is planned for when, and who answers for it."""

    kind = serializers.ChoiceField(MilestoneKind.choices)
    due_on = serializers.DateField()
    owner = Text(max_length=254, required=False, allow_null=True, help_text="E-mail of a person of the organisation.")
    body = Text(max_length=160, required=False)
    reference = Text(max_length=80, required=False)


class HoldSerializer(serializers.Serializer[Any]):
    """The day on which it was held; none takes a mistaken one back."""

    held_on = serializers.DateField(allow_null=True)


class NoLongerSerializer(serializers.Serializer[Any]):
    """Why the date is taken out."""

    reason = Text()


@extend_schema_view(list=extend_schema(summary="List the dates of the cycle"))
class MilestoneDoor(Door):
    """The dates of the certification cycle: plan, move, hold, withdraw."""

    lookup_value_regex = "[0-9]{1,9}"
    queryset = Milestone.unscoped.none()
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter
    tagged = frozenset({"retrieve", "create", "partial_update", "hold", "withdraw"})
    versioned = frozenset({"partial_update", "hold", "withdraw"})

    def get_queryset(self) -> QuerySet[Milestone]:
        """Return them with their owners."""
        return Milestone.objects.select_related("owner")

    def list(self, request: Request) -> Response:
        """Return every date, withdrawn ones too."""
        return self.listed(self.get_queryset(), lambda page: MilestoneSerializer(page, many=True).data)

    @extend_schema(responses=MilestoneSerializer, summary="Read a date")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one date."""
        return self._answer(self.one())

    @extend_schema(request=PlanMilestoneSerializer, responses={201: MilestoneSerializer}, summary="Plan a date")
    def create(self, request: Request) -> Response:
        """Plan an audit or a date of the certificate."""
        require(may_plan(self.actor))
        return self._answer(
            actions.plan_milestone(**_planned(self.said(PlanMilestoneSerializer)), actor=self.actor), 201
        )

    @extend_schema(request=PlanMilestoneSerializer, responses=MilestoneSerializer, summary="Change a date")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent; reminders begin anew."""
        require(may_plan(self.actor))
        row, planned = self.one(), _planned(self.said(PlanMilestoneSerializer, partial=True))
        with self.holding(row, **planned) as seen:
            actions.edit_milestone(row, seen=seen, actor=self.actor, **planned)
        return self._answer(row)

    @extend_schema(request=HoldSerializer, responses=MilestoneSerializer, summary="Say when it was held")
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        """Record the day on which it was held; people only."""
        row, said = self.one(may_hold), self.said(HoldSerializer)
        with self.holding(row, **said) as seen:
            actions.hold_milestone(row, held_on=said["held_on"], seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=NoLongerSerializer, responses=MilestoneSerializer, summary="Withdraw a date")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the date out of the cycle with the reason."""
        require(may_plan(self.actor))
        row, reason = self.one(), self.said(NoLongerSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.withdraw_milestone(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: Milestone, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        return self.shown(MilestoneSerializer(row).data, row.version, status=status)


def _planned(said: dict[str, Any]) -> dict[str, Any]:
    return said | ({"owner": person_called(said["owner"])} if "owner" in said else {})
