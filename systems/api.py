"""The registry's API door."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Flag, PersonSerializer, Text, person_called
from aims.vocabulary import AiRole
from controls.api import requirements_called
from systems import actions
from systems.actions.rely import WHY_LENGTH
from systems.lifecycle.api import MoveDoor
from systems.lifecycle.stages import EARLY
from systems.models import AiSystem, Reliance, Stage
from systems.permissions import may_edit, may_register, may_rely, may_say_scope

SCOPE = (("yes", "In scope"), ("no", "Not in scope"), ("unsaid", "Nobody has said"))


class SystemFilter(filters.FilterSet):  # type: ignore[misc]
    """What the registry can be narrowed by."""

    stage = filters.ChoiceFilter(choices=Stage.choices)
    in_scope = filters.ChoiceFilter(choices=SCOPE, method="by_scope", label="Whether it is in scope")
    owner = filters.CharFilter(field_name="owner__email", lookup_expr="iexact", label="E-mail of the owner")
    q = filters.CharFilter(method="mentioning", label="Words in its code, name, purpose or supplier")

    def by_scope(self, rows: QuerySet[AiSystem], _name: str, value: str) -> QuerySet[AiSystem]:
        """Keep those in scope, out of it, or not said."""
        return rows.filter(is_in_scope={"yes": True, "no": False}.get(value))

    def mentioning(self, rows: QuerySet[AiSystem], _name: str, text: str) -> QuerySet[AiSystem]:
        """Keep those that mention a text."""
        said = Q(name__icontains=text) | Q(purpose__icontains=text) | Q(supplier__icontains=text)
        return rows.filter(said | Q(code__icontains=text))


class RelianceSerializer(serializers.ModelSerializer[Reliance]):
    """A clause or control that a system relies on."""

    control = serializers.CharField(source="requirement.code")
    title = serializers.CharField(source="requirement.title")

    class Meta:
        model = Reliance
        fields = ("id", "control", "title", "why", "version")


class SystemSerializer(serializers.ModelSerializer[AiSystem]):
    """A system as lists show it."""

    owner = PersonSerializer(allow_null=True)
    roles_played = serializers.ListField(child=serializers.ChoiceField(AiRole.choices))

    class Meta:
        model = AiSystem
        fields = (
            "code", "name", "purpose", "owner", "roles_played", "stage", "supplier", "model_name", "model_version",
            "is_in_scope", "version", "changed_at",
        )  # fmt: skip


class SystemDetailSerializer(SystemSerializer):
    """A system with who said its scope and what it relies on."""

    scope_said_by = PersonSerializer(allow_null=True)
    reliances = RelianceSerializer(many=True, source="live_reliances")

    class Meta(SystemSerializer.Meta):
        extra = ("scope_reason", "scope_said_by", "scope_said_at", "reliances")
        fields = (*SystemSerializer.Meta.fields, *extra)  # type: ignore[assignment]


class FactsSerializer(serializers.Serializer[Any]):
    """What is said about a system; scope and stage have verbs of their own."""

    name = Text(max_length=160)
    purpose = Text()
    owner = Text(max_length=254, required=False, allow_null=True, help_text="E-mail of a person of the organisation.")
    roles_played = serializers.ListField(child=serializers.ChoiceField(AiRole.choices), required=False, max_length=20)
    supplier = Text(max_length=160, required=False)
    model_name = Text(max_length=160, required=False)
    model_version = Text(max_length=60, required=False)


class NewSystemSerializer(FactsSerializer):
    """A system to register."""

    stage = serializers.ChoiceField([(one.value, one.label) for one in EARLY], required=False)


class SayScopeSerializer(serializers.Serializer[Any]):
    """Whether a system is in scope, and why."""

    is_in_scope = Flag()
    reason = Text()


class RelySerializer(serializers.Serializer[Any]):
    """A clause or control, by its id, and why the system relies on it."""

    control = Text(max_length=20)
    why = Text(required=False, max_length=WHY_LENGTH)


class LetGoSerializer(serializers.Serializer[Any]):
    """Why a reliance ends."""

    reason = Text()


LINK = OpenApiParameter("link", {"type": "integer", "minimum": 1, "maximum": 10**9}, OpenApiParameter.PATH)


@extend_schema_view(list=extend_schema(summary="List AI systems"))
class SystemDoor(MoveDoor):
    """AI systems: read, register, edit, say scope, move, rely and let go."""

    lookup_field = "code"
    queryset = AiSystem.unscoped.none()
    serializer_class = SystemSerializer
    filterset_class = SystemFilter
    tagged = frozenset(
        {"retrieve", "create", "partial_update", "scope", "rely", "let_go", "ask_move", "sign_move", "refuse_move"}
        | {"withdraw_move", "read_move"}
    )
    versioned = frozenset(
        {"partial_update", "scope", "let_go", "ask_move", "sign_move", "refuse_move", "withdraw_move"}
    )

    def get_queryset(self) -> QuerySet[AiSystem]:
        """Return the systems of the AIMS with what they are shown with; three queries for one, two for a page."""
        rows: QuerySet[AiSystem] = AiSystem.objects.select_related("owner", "scope_said_by")
        if self.action == "list":
            return rows
        links = Reliance.objects.filter(withdrawn_at__isnull=True).select_related("requirement")
        ordered = links.order_by("requirement__position", "requirement__code")
        return rows.prefetch_related(Prefetch("reliances", ordered, to_attr="live_reliances"))

    def list(self, request: Request) -> Response:
        """Return a page of the registry."""
        return self.listed(self.get_queryset(), lambda page: SystemSerializer(page, many=True).data)

    @extend_schema(responses=SystemDetailSerializer, summary="Read an AI system")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one system."""
        return self._system(self.one())

    @extend_schema(
        request=NewSystemSerializer, responses={201: SystemDetailSerializer}, summary="Register an AI system"
    )
    def create(self, request: Request) -> Response:
        """Enter a system into the registry; whether it is in scope is said next."""
        require(may_register(self.actor))
        row = actions.register(**_facts(self.said(NewSystemSerializer)), actor=self.actor)
        return self._again(row, status=201)

    @extend_schema(request=FactsSerializer, responses=SystemDetailSerializer, summary="Edit an AI system")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change the facts that are sent."""
        row, facts = self.one(may_edit), _facts(self.said(FactsSerializer, partial=True))
        with self.holding(row, **facts) as seen:
            actions.edit_system(row, seen=seen, actor=self.actor, **facts)
        return self._again(row)

    @extend_schema(request=SayScopeSerializer, responses=SystemDetailSerializer, summary="Say whether it is in scope")
    @action(detail=True, methods=["post"])
    def scope(self, request: Request, code: str) -> Response:
        """Record whether the system is in the scope of the AIMS, and why (4.3); people only."""
        row, said = self.one(may_say_scope), self.said(SayScopeSerializer)
        with self.holding(row, is_in_scope=said["is_in_scope"], scope_reason=said["reason"]) as seen:
            actions.say_scope(row, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(
        request=RelySerializer, responses={201: SystemDetailSerializer}, summary="Say that it relies on a control"
    )
    @action(detail=True, methods=["post"], url_path="reliances")
    def rely(self, request: Request, code: str) -> Response:
        """Link the system to a clause or control; a link that stands takes the new reason."""
        row, said = self.one(may_rely), self.said(RelySerializer)
        requirement = requirements_called([said["control"]], "control")[0]
        actions.rely_on(row, requirement, why=said.get("why", ""), actor=self.actor)
        return self._again(row, status=201)

    @extend_schema(
        request=LetGoSerializer,
        responses=SystemDetailSerializer,
        parameters=[LINK],
        summary="Withdraw a reliance",
        description="If-Match takes the version of the reliance, not of the system.",
    )
    @action(detail=True, methods=["post"], url_path=r"reliances/(?P<link>[0-9]{1,10})/withdraw")
    def let_go(self, request: Request, code: str, link: str) -> Response:
        """End a link with its reason; it stays in the history."""
        row = self.one(may_rely)
        reliance = get_object_or_404(Reliance.objects.filter(system=row, withdrawn_at__isnull=True), pk=int(link))
        reason = self.said(LetGoSerializer)["reason"]
        with self.holding(reliance, reason=reason) as seen:
            actions.stop_relying(reliance, reason=reason, seen=seen, actor=self.actor)
        return self._again(row)

    def _again(self, row: AiSystem, status: int = 200) -> Response:
        return self._system(self.get_queryset().get(pk=row.pk), status)

    def _system(self, row: AiSystem, status: int = 200) -> Response:
        place = reverse("api:systems-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(SystemDetailSerializer(row).data, row.version, status=status, location=place)


def _facts(said: dict[str, Any]) -> dict[str, Any]:
    return said | ({"owner": person_called(said["owner"])} if "owner" in said else {})
