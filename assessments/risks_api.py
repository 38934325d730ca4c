"""The API door to the risk register."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, person_called
from assessments import actions
from assessments.bodies import (
    EditRiskSerializer,
    ReasonedSerializer,
    RiskSerializer,
    TreatSerializer,
    VerifySerializer,
    WriteRiskSerializer,
    system_of,
)
from assessments.models import Option, Risk, Treatment, Verification
from assessments.permissions import may_edit_risk, may_register, may_verify
from controls.api import requirements_called

LINK = OpenApiParameter("link", {"type": "integer", "minimum": 1, "maximum": 10**9}, OpenApiParameter.PATH)


class RiskFilter(filters.FilterSet):  # type: ignore[misc]
    """What the register can be narrowed by."""

    option = filters.ChoiceFilter(choices=Option.choices)
    owner = filters.CharFilter(field_name="owner__email", lookup_expr="iexact", label="E-mail of the owner")
    system = filters.CharFilter(field_name="system__code", label="The code of an AI system")
    q = filters.CharFilter(method="mentioning", label="Words in its code, title or source")

    def mentioning(self, rows: QuerySet[Risk], _name: str, text: str) -> QuerySet[Risk]:
        """Keep those that mention a text."""
        return rows.filter(Q(code__icontains=text) | Q(title__icontains=text) | Q(source__icontains=text))


@extend_schema_view(list=extend_schema(summary="List risks"))
class RiskDoor(Door):
    """Risks: register, edit, treat, verify, judge anew, accept, withdraw."""

    lookup_field = "code"
    queryset = Risk.unscoped.none()
    serializer_class = RiskSerializer
    filterset_class = RiskFilter
    versioned = frozenset({"partial_update", "stop_treating", "accept", "withdraw", "judge_anew"})
    tagged = versioned | {"retrieve", "create", "treat", "verify"}

    def get_queryset(self) -> QuerySet[Risk]:
        """Return risks with what they are shown with: three queries."""
        rows: QuerySet[Risk] = Risk.objects.select_related("system", "owner", "accepted_by", "criteria")
        treated = Treatment.objects.filter(withdrawn_at__isnull=True).select_related("requirement")
        ordered = treated.order_by("requirement__position", "requirement__code")
        looks = Verification.objects.select_related("verified_by")
        return rows.prefetch_related(
            Prefetch("treatments", ordered, to_attr="live_treatments"), Prefetch("verifications", looks)
        )

    def list(self, request: Request) -> Response:
        """Return a page of the register, withdrawn ones too."""
        return self.listed(self.get_queryset(), lambda page: RiskSerializer(page, many=True).data)

    @extend_schema(responses=RiskSerializer, summary="Read a risk")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one risk."""
        return self._answer(self.one())

    @extend_schema(request=WriteRiskSerializer, responses={201: RiskSerializer}, summary="Register a risk")
    def create(self, request: Request) -> Response:
        """Put a risk on the register, judged by the newest criteria (6.1.2)."""
        require(may_register(self.actor))
        return self._answer(actions.register_risk(actor=self.actor, **_fields(self.said(WriteRiskSerializer))), 201)

    @extend_schema(request=EditRiskSerializer, responses=RiskSerializer, summary="Edit a risk")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change what is sent; new scores clear an acceptance."""
        row, said = self.one(may_edit_risk), _fields(self.said(EditRiskSerializer, partial=True))
        reason = said.pop("reason", "")
        with self.holding(row, **said) as seen:
            actions.edit_risk(row, seen=seen, reason=reason, actor=self.actor, **said)  # type: ignore[typeddict-item]
        return self._answer(row)

    @extend_schema(request=TreatSerializer, responses={201: RiskSerializer}, summary="Treat a risk with a control")
    @action(detail=True, methods=["post"], url_path="treatments")
    def treat(self, request: Request, code: str) -> Response:
        """Name a clause or control that treats the risk (6.1.3)."""
        row, said = self.one(may_edit_risk), self.said(TreatSerializer)
        actions.treat(row, requirements_called([said["control"]], "control")[0], actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(
        request=ReasonedSerializer,
        responses=RiskSerializer,
        parameters=[LINK],
        summary="Take a control out of the treatment",
        description="If-Match takes the version of the treatment, not of the risk.",
    )
    @action(detail=True, methods=["post"], url_path=r"treatments/(?P<link>[0-9]{1,9})/withdraw")
    def stop_treating(self, request: Request, code: str, link: str) -> Response:
        """End a treatment with its reason; it stays in the history."""
        row = self.one(may_edit_risk)
        treatment = get_object_or_404(Treatment.objects.filter(risk=row, withdrawn_at__isnull=True), pk=int(link))
        reason = self.said(ReasonedSerializer)["reason"]
        with self.holding(treatment, reason=reason) as seen:
            actions.stop_treating(treatment, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=VerifySerializer, responses={201: RiskSerializer}, summary="Verify the treatment of a risk")
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, code: str) -> Response:
        """Record whether the treatment works, and on what grounds (8.3)."""
        row = self.one(may_verify)
        actions.verify_treatment(row, actor=self.actor, **self.said(VerifySerializer))
        return self._answer(row, 201)

    @extend_schema(request=None, responses=RiskSerializer, summary="Judge a risk by the newest criteria")
    @action(detail=True, methods=["post"], url_path="judge-anew")
    def judge_anew(self, request: Request, code: str) -> Response:
        """Put its scores on the newest criteria; an acceptance by the rule of the earlier ones ends."""
        row = self.one(may_edit_risk)
        with self.holding(row) as seen:
            actions.judge_risk_anew(row, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ReasonedSerializer, responses=RiskSerializer, summary="Accept what remains of a risk")
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, code: str) -> Response:
        """Accept the residual risk by the rule of its band; never one's own scores, and Severe by nobody."""
        row, reason = self.one(), self.said(ReasonedSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.accept_risk(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ReasonedSerializer, responses=RiskSerializer, summary="Withdraw a risk")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """Take a risk off the register with a reason."""
        row, reason = self.one(may_edit_risk), self.said(ReasonedSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.withdraw_risk(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: Risk, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        place = reverse("api:risks-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(RiskSerializer(row).data, row.version, status=status, location=place)


def _fields(said: dict[str, Any]) -> Any:
    fields = dict(said)
    fields |= {"owner": person_called(said["owner"])} if "owner" in said else {}
    return fields | ({"system": system_of(said["system"])} if "system" in said else {})
