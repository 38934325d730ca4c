"""The API door to the treatment plan."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from aims.api import Door, PersonSerializer, Text
from assessments import actions
from assessments.bodies import ReasonedSerializer
from assessments.models import TreatmentPlan
from assessments.permissions import may_decide_plan, may_submit_plan
from assessments.queries.treatment_plan import lines_of

NUMBER = r"[0-9]{1,9}"


class TreatmentPlanSerializer(serializers.ModelSerializer[TreatmentPlan]):
    """A treatment plan: who put it up and who approved it, and the digest of what was approved."""

    code = serializers.CharField(source="ref_code")
    submitted_by = PersonSerializer(allow_null=True)
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = TreatmentPlan
        fields = (
            "number", "code", "state", "note", "submitted_by", "submitted_at", "decided_by", "decided_at",
            "decision_note", "digest", "version",
        )  # fmt: skip


class WholePlanSerializer(TreatmentPlanSerializer):
    """A treatment plan with its risks, as they were approved or as they stand while it waits."""

    risks = serializers.SerializerMethodField(help_text="Each risk with its levels, treatment and acceptance")

    class Meta(TreatmentPlanSerializer.Meta):
        fields = (*TreatmentPlanSerializer.Meta.fields, "risks")  # type: ignore[assignment]

    def get_risks(self, plan: TreatmentPlan) -> list[dict[str, Any]]:
        """Return the facts of every risk in the plan; people by pseudonym."""
        return [dict(line.facts) for line in lines_of(plan)]


class SubmitPlanSerializer(serializers.Serializer[Any]):
    """What changed since the last plan."""

    note = Text(required=False)


@extend_schema_view(list=extend_schema(summary="List treatment plans"))
class PlanDoor(Door):
    """Treatment plans: put up, approve with what remains, send back."""

    lookup_field = "number"
    lookup_value_regex = NUMBER
    queryset = TreatmentPlan.unscoped.none()
    serializer_class = TreatmentPlanSerializer
    versioned = frozenset({"approve", "send_back"})
    tagged = versioned | {"retrieve", "create"}

    def get_queryset(self) -> QuerySet[TreatmentPlan]:
        """Return plans with who put them up and decided on them."""
        return TreatmentPlan.objects.select_related("submitted_by", "decided_by").order_by("-number")

    def list(self, request: Request) -> Response:
        """Return a page of plans, the newest first."""
        return self.listed(
            self.get_queryset().defer("frozen"), lambda page: TreatmentPlanSerializer(page, many=True).data
        )

    @extend_schema(responses=WholePlanSerializer, summary="Read a treatment plan")
    def retrieve(self, request: Request, number: str) -> Response:
        """Return one plan with its risks."""
        return self._answer(self.one())

    @extend_schema(
        request=SubmitPlanSerializer, responses={201: WholePlanSerializer}, summary="Put the treatment plan up"
    )
    def create(self, request: Request) -> Response:
        """Put the plan up for approval as the register stands (6.1.3)."""
        row = actions.submit_plan(actor=self.actor, **self.said(SubmitPlanSerializer))
        return self._answer(row, 201)

    @extend_schema(request=ReasonedSerializer, responses=WholePlanSerializer, summary="Approve a treatment plan")
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Put a plan in force; what remains of its risks is accepted with it."""
        row, reason = self.one(lambda actor, _plan: may_decide_plan(actor)), self.said(ReasonedSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.approve_plan(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ReasonedSerializer, responses=WholePlanSerializer, summary="Send a treatment plan back")
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, number: str) -> Response:
        """Send a plan back with a reason."""
        row, reason = self.one(_may_return), self.said(ReasonedSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.return_plan(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: TreatmentPlan, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        place = reverse("api:treatment_plans-detail", args=[self.aims.slug, row.number]) if status == 201 else ""
        return self.shown(WholePlanSerializer(row).data, row.version, status=status, location=place)


def _may_return(actor: Actor, _plan: TreatmentPlan) -> bool:
    return may_decide_plan(actor) or may_submit_plan(actor)
