"""The API door to what the management system is: the organisation, its scope, the criteria, its obligations."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims import actions
from aims.api import Door, PersonSerializer, Text, Whole, person_called
from aims.models import Aims, Obligation, ScopeStatement
from aims.permissions import may_manage
from aims.vocabulary import AiRole, ObligationKind


class OrganisationSerializer(serializers.ModelSerializer[Aims]):
    """The organisation that this AIMS belongs to."""

    roles_played = serializers.ListField(child=serializers.ChoiceField(AiRole.choices))
    jurisdictions = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Aims
        fields = (
            "slug", "organisation", "short_name", "time_zone", "roles_played", "jurisdictions", "document_code",
            "is_demo", "created_at", "version",
        )  # fmt: skip


class DescribeSerializer(serializers.Serializer[Any]):
    """What is said of the organisation; the roles it plays decide what the standard asks of it."""

    organisation = Text(max_length=160)
    short_name = Text(max_length=60, required=False)
    time_zone = Text(max_length=64, required=False)
    roles_played = serializers.ListField(child=serializers.ChoiceField(AiRole.choices), required=False, max_length=20)
    jurisdictions = serializers.ListField(child=Text(max_length=80), required=False, max_length=40)
    document_code = Text(max_length=40, required=False)


class OrganisationDoor(Door):
    """The organisation: read, describe."""

    queryset = Aims.objects.none()
    serializer_class = OrganisationSerializer
    pagination_class = None
    filterset_class = None
    tagged = frozenset({"show", "describe"})
    versioned = frozenset({"describe"})

    @extend_schema(responses=OrganisationSerializer, summary="Read the organisation")
    def show(self, request: Request) -> Response:
        """Return what is said of the organisation."""
        return self._answer()

    @extend_schema(request=DescribeSerializer, responses=OrganisationSerializer, summary="Describe the organisation")
    def describe(self, request: Request) -> Response:
        """Change what is sent; people only."""
        require(may_manage(self.actor, self.aims))
        said = self.said(DescribeSerializer, partial=True)
        with self.holding(self.aims, **said) as seen:
            names = actions.Description.__dataclass_fields__
            about = {name: getattr(Aims.objects.get(pk=self.aims.pk), name) for name in names} | said
            actions.describe(actions.Description(**about), seen=seen, actor=self.actor)
        return self._answer()

    def _answer(self) -> Response:
        row = Aims.objects.get(pk=self.aims.pk)
        return self.shown(OrganisationSerializer(row).data, row.version)


class ScopeSerializer(serializers.ModelSerializer[ScopeStatement]):
    """A version of the scope statement (4.3)."""

    class Meta:
        model = ScopeStatement
        fields = ("number", "text", "boundaries", "sites", "effective_on", "changed_at")


class StateScopeSerializer(serializers.Serializer[Any]):
    """The next version of the scope; `seen` is the number of the version it replaces, 0 for the first."""

    text = Text(max_length=20_000)
    boundaries = Text(max_length=20_000, required=False)
    sites = Text(max_length=300, required=False)
    effective_on = serializers.DateField()
    seen = Whole(min_value=0, max_value=10**6)


@extend_schema_view(list=extend_schema(summary="List the versions of the scope"))
class ScopeDoor(Door):
    """The scope: every version, and the next."""

    queryset = ScopeStatement.unscoped.none()
    serializer_class = ScopeSerializer
    tagged = frozenset({"create"})

    def list(self, request: Request) -> Response:
        """Return every version, the first first."""
        return self.listed(ScopeStatement.objects.all(), lambda page: ScopeSerializer(page, many=True).data)

    @extend_schema(request=StateScopeSerializer, responses={201: ScopeSerializer}, summary="State the scope")
    def create(self, request: Request) -> Response:
        """Make the next version; those before it stay; people only."""
        require(may_manage(self.actor, self.aims))
        said: dict[str, Any] = self.said(StateScopeSerializer)
        seen, effective_on = int(said.pop("seen")), said.pop("effective_on")
        day: date = effective_on
        row = actions.state_scope(actions.Scope(effective_on=day, **said), seen=seen, actor=self.actor)
        return self.shown(ScopeSerializer(row).data, row.version, status=201)


class ObligationFilter(filters.FilterSet):  # type: ignore[misc]
    """What obligations can be narrowed by."""

    kind = filters.ChoiceFilter(choices=ObligationKind.choices)
    q = filters.CharFilter(method="mentioning", label="Words in its code, title, party or source")

    def mentioning(self, rows: QuerySet[Obligation], _name: str, text: str) -> QuerySet[Obligation]:
        """Keep those that mention a text."""
        said = Q(title__icontains=text) | Q(party__icontains=text) | Q(source__icontains=text)
        return rows.filter(said | Q(code__icontains=text))


class ObligationSerializer(serializers.ModelSerializer[Obligation]):
    """A law, a contract, a need or an objective that a decision's reason can point at."""

    owner = PersonSerializer(allow_null=True)

    class Meta:
        model = Obligation
        fields = (
            "code", "kind", "title", "party", "source", "text", "owner", "withdrawn_at", "version", "changed_at",
        )  # fmt: skip


class DutySerializer(serializers.Serializer[Any]):
    """What an obligation says."""

    kind = serializers.ChoiceField(ObligationKind.choices)
    title = Text(max_length=200)
    party = Text(max_length=160, required=False)
    source = Text(max_length=300, required=False)  # type: ignore[assignment]
    text = Text(required=False)
    owner = Text(max_length=254, required=False, allow_null=True, help_text="E-mail of a person of the organisation.")


class NewDutySerializer(DutySerializer):
    """An obligation to record, under the next free code or one of its own."""

    code = Text(max_length=20, required=False)


class WhySerializer(serializers.Serializer[Any]):
    """The reason."""

    reason = Text()


@extend_schema_view(list=extend_schema(summary="List obligations"))
class ObligationDoor(Door):
    """Obligations: read, record, edit, withdraw."""

    lookup_field = "code"
    queryset = Obligation.unscoped.none()
    serializer_class = ObligationSerializer
    filterset_class = ObligationFilter
    tagged = frozenset({"retrieve", "create", "partial_update", "withdraw"})
    versioned = frozenset({"partial_update", "withdraw"})

    def get_queryset(self) -> QuerySet[Obligation]:
        """Return them with their owners."""
        return Obligation.objects.select_related("owner")

    def list(self, request: Request) -> Response:
        """Return a page of obligations, withdrawn ones too."""
        return self.listed(self.get_queryset(), lambda page: ObligationSerializer(page, many=True).data)

    @extend_schema(responses=ObligationSerializer, summary="Read an obligation")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one obligation."""
        return self._answer(self.one())

    @extend_schema(request=NewDutySerializer, responses={201: ObligationSerializer}, summary="Record an obligation")
    def create(self, request: Request) -> Response:
        """Record what the organisation is bound to (4.2); people only."""
        require(may_manage(self.actor, self.aims))
        said = self.said(NewDutySerializer)
        code = said.pop("code", "")
        row = actions.oblige(_duty(said), code=code, actor=self.actor)
        return self._answer(row, status=201)

    @extend_schema(request=DutySerializer, responses=ObligationSerializer, summary="Edit an obligation")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change what is sent; the code never changes; people only."""
        row, said = self.one(_may), self.said(DutySerializer, partial=True)
        with self.holding(row, **said) as seen:
            names = ("kind", "title", "party", "source", "text")
            owner = {"owner": row.owner.email if row.owner else None}
            about = {name: getattr(row, name) for name in names} | owner | said
            actions.edit_obligation(row, _duty(about), seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=WhySerializer, responses=ObligationSerializer, summary="Withdraw an obligation")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """Say that it no longer holds, and why; people only."""
        row, reason = self.one(_may), self.said(WhySerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.withdraw_obligation(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: Obligation, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        place = reverse("api:obligations-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(ObligationSerializer(row).data, row.version, status=status, location=place)


def _may(actor: Any, row: Obligation) -> bool:
    return may_manage(actor, row.aims)


def _duty(said: dict[str, Any]) -> actions.Duty:
    return actions.Duty(**said | {"owner": person_called(said.get("owner"))})
