"""The registry's API door."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answer
from accounts.refusals import require
from aims.api import Flag, PersonSerializer, Text, person_called
from aims.filters import FlagFilter
from aims.vocabulary import AiRole
from controls.api import requirements_called
from systems import actions
from systems.actions.facts import Misfit, whole_record
from systems.actions.rely import WHY_LENGTH
from systems.browsing import GAPS, UNSIGNED
from systems.lifecycle.api import MoveDoor
from systems.lifecycle.stages import EARLY
from systems.models import AiSystem, Reliance, Stage
from systems.permissions import may_edit, may_register, may_rely, may_say_scope

CLAIM = (("unsigned", "Not signed"),)
SCOPE = (("yes", "In scope"), ("no", "Not in scope"), ("unsaid", "Nobody has said"))


class SystemFilter(filters.FilterSet):  # type: ignore[misc]
    """What the registry can be narrowed by."""

    stage = filters.ChoiceFilter(choices=Stage.choices)
    in_scope = filters.ChoiceFilter(choices=SCOPE, method="by_scope", label="Whether it is in scope")
    owner = filters.CharFilter(field_name="owner__email", lookup_expr="iexact", label="E-mail of the owner")
    q = filters.CharFilter(method="mentioning", label="Words in its code, id, name, purpose or supplier")
    id = filters.CharFilter(field_name="key", lookup_expr="iexact", label="Its id in its record")
    unit = filters.CharFilter(label="The unit it belongs to")
    environment = filters.CharFilter(label="Environment, as its record says")
    data_sensitivity = filters.CharFilter(label="Data sensitivity, as its record says")
    risk_tier = filters.CharFilter(label="Risk tier, as its record says")
    gaps = FlagFilter(method="with_gaps", label="Whether what the schema requires is missing")
    claim = filters.ChoiceFilter(choices=CLAIM, method="claimed", label="Stages that the record says and nobody signed")

    def by_scope(self, rows: QuerySet[AiSystem], _name: str, value: str) -> QuerySet[AiSystem]:
        """Keep those in scope, out of it, or not said."""
        return rows.filter(is_in_scope={"yes": True, "no": False}.get(value))

    def mentioning(self, rows: QuerySet[AiSystem], _name: str, text: str) -> QuerySet[AiSystem]:
        """Keep those that mention a text."""
        said = Q(name__icontains=text) | Q(purpose__icontains=text) | Q(supplier__icontains=text)
        return rows.filter(said | Q(code__icontains=text) | Q(key__icontains=text))

    def with_gaps(self, rows: QuerySet[AiSystem], _name: str, value: bool) -> QuerySet[AiSystem]:  # noqa: FBT001
        """Keep those that miss what the schema requires, or those that do not."""
        return rows.filter(GAPS) if value else rows.exclude(GAPS)

    def claimed(self, rows: QuerySet[AiSystem], _name: str, _value: str) -> QuerySet[AiSystem]:
        """Keep those whose record says another stage than the signed one."""
        return rows.filter(UNSIGNED)


class RelianceSerializer(serializers.ModelSerializer[Reliance]):
    """A clause or control that a system relies on."""

    control = serializers.CharField(source="requirement.code")
    title = serializers.CharField(source="requirement.title")

    class Meta:
        model = Reliance
        fields = ("id", "control", "title", "why", "version")


class SystemSerializer(serializers.ModelSerializer[AiSystem]):
    """A system as lists show it."""

    id = serializers.CharField(source="key")
    owner = PersonSerializer(allow_null=True)
    roles_played = serializers.ListField(child=serializers.ChoiceField(AiRole.choices))

    class Meta:
        model = AiSystem
        fields = (
            "code", "id", "name", "purpose", "owner", "owning_team", "unit", "roles_played", "stage", "claimed_stage",
            "environment", "data_sensitivity", "risk_tier", "supplier", "model_name", "model_version",
            "is_in_scope", "version", "changed_at",
        )  # fmt: skip


class SystemDetailSerializer(SystemSerializer):
    """A system with its whole record, who said its scope and what it relies on."""

    record = serializers.SerializerMethodField(help_text="What is said of it, in the form of the published schema.")
    scope_said_by = PersonSerializer(allow_null=True)
    reliances = RelianceSerializer(many=True, source="live_reliances")

    class Meta(SystemSerializer.Meta):
        extra = ("scope_reason", "scope_said_by", "scope_said_at", "reliances", "record")
        fields = (*SystemSerializer.Meta.fields, *extra)  # type: ignore[assignment]

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_record(self, row: AiSystem) -> dict[str, Any]:
        """Return the record as it stands."""
        return whole_record(row)


@extend_schema_field({"type": "object", "additionalProperties": True})
class RecordField(serializers.JSONField):
    """A whole record: an object with fields; whether they fit the schema is for the action to say."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Refuse what is no object."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("A record is an object with fields."))
        return data


class FactsSerializer(serializers.Serializer[Any]):
    """What is said about a system; scope and stage have verbs of their own.

    `record` is the whole record and replaces the one that stands; the other fields are places of it and win over it.
    """

    record = RecordField(required=False)
    name = Text(max_length=160, required=False)
    purpose = Text(required=False)
    owner = Text(max_length=254, required=False, allow_null=True, help_text="E-mail of a person of the organisation.")
    roles_played = serializers.ListField(child=serializers.ChoiceField(AiRole.choices), required=False, max_length=20)
    supplier = Text(max_length=160, required=False)
    model_name = Text(max_length=160, required=False)
    model_version = Text(max_length=60, required=False)


class NewSystemSerializer(FactsSerializer):
    """A system to register: name and purpose, or a record that has them."""

    stage = serializers.ChoiceField([(one.value, one.label) for one in EARLY], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what a registration cannot do without."""
        missing = [name for name in ("name", "purpose") if name not in attrs and "record" not in attrs]
        if missing:
            raise serializers.ValidationError(dict.fromkeys(missing, _("This field is required.")))
        return attrs


class NewSystemShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """What the schema says a registration cannot do without."""

    target_class = NewSystemSerializer

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the fields, with either name and purpose or a record asked for."""
        fields: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return fields | {"anyOf": [{"required": ["name", "purpose"]}, {"required": ["record"]}]}


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

    def handle_exception(self, exc: Exception) -> Response:
        """Tell every place of a record that does not fit."""
        if isinstance(exc, Misfit):
            return answer(422, exc.message, exc.errors)
        return super().handle_exception(exc)

    def get_queryset(self) -> QuerySet[AiSystem]:
        """Return the systems of the AIMS with what they are shown with; three queries for one, two for a page."""
        rows: QuerySet[AiSystem] = AiSystem.objects.select_related("owner", "scope_said_by")
        if self.action == "list":
            return rows.defer("record")
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
