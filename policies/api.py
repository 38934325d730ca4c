"""The API door to policies."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, Flag, PersonSerializer, Text
from policies import actions
from policies.forms import MOST
from policies.models import Policy, PolicyVersion, Severity
from policies.permissions import may_write


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """A policy as lists show it; `number` is its version in force."""

    controls = serializers.ListField(child=serializers.CharField())
    severity = serializers.ChoiceField(Severity.choices)

    class Meta:
        model = Policy
        fields = (
            "name", "package", "title", "controls", "due_from", "severity", "number", "is_shipped", "is_on",
            "off_reason", "version",
        )  # fmt: skip


class PolicyVersionSerializer(serializers.ModelSerializer[PolicyVersion]):
    """A version of a policy."""

    by = PersonSerializer(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = ("number", "sha256", "is_shipped", "by", "at", "note", "text")


class PolicyDetailSerializer(PolicySerializer):
    """A policy with its versions, newest first."""

    versions = PolicyVersionSerializer(many=True)

    class Meta(PolicySerializer.Meta):
        fields = (*PolicySerializer.Meta.fields, "versions")  # type: ignore[assignment]


class WritePolicySerializer(serializers.Serializer[Any]):
    """A policy to add: its text is Rego with metadata."""

    name = Text(max_length=80)
    text = Text(max_length=MOST)
    note = Text(max_length=2_000, required=False)


class RevisePolicySerializer(serializers.Serializer[Any]):
    """A new version of a policy, and what is different."""

    text = Text(max_length=MOST)
    note = Text(max_length=2_000)


class SwitchPolicySerializer(serializers.Serializer[Any]):
    """Whether systems are judged by it, and why."""

    is_on = Flag()
    reason = Text(max_length=2_000)


@extend_schema_view(list=extend_schema(summary="List policies"))
class PolicyDoor(Door):
    """Policies: read, write, revise, switch."""

    lookup_field = "name"
    lookup_value_regex = "[a-z][a-z0-9_-]{0,79}"
    queryset = Policy.unscoped.none()
    serializer_class = PolicySerializer
    tagged = frozenset({"retrieve", "create", "partial_update", "switch"})
    versioned = frozenset({"partial_update", "switch"})

    def get_queryset(self) -> QuerySet[Policy]:
        """Return the policies of the AIMS."""
        rows: QuerySet[Policy] = Policy.objects.all()
        return rows if self.action == "list" else rows.prefetch_related("versions__by")

    def list(self, request: Request) -> Response:
        """Return every policy, those that are off too."""
        return self.listed(self.get_queryset(), lambda page: PolicySerializer(page, many=True).data)

    @extend_schema(responses=PolicyDetailSerializer, summary="Read a policy")
    def retrieve(self, request: Request, name: str) -> Response:
        """Return one policy with its versions."""
        return self._answer(self.one())

    @extend_schema(request=WritePolicySerializer, responses={201: PolicyDetailSerializer}, summary="Write a policy")
    def create(self, request: Request) -> Response:
        """Add a policy of your own; people only. A text that cannot be used is refused with its line."""
        require(may_write(self.actor))
        said = self.said(WritePolicySerializer)
        row = actions.write_policy(said["name"], said["text"], note=said.get("note", ""), actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(request=RevisePolicySerializer, responses=PolicyDetailSerializer, summary="Revise a policy")
    def partial_update(self, request: Request, name: str) -> Response:
        """Put a new version in force; people only."""
        require(may_write(self.actor))
        row, said = self.one(), self.said(RevisePolicySerializer)
        with self.holding(row) as seen:
            actions.revise_policy(row, said["text"], note=said["note"], seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=SwitchPolicySerializer, responses=PolicyDetailSerializer, summary="Switch a policy")
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, name: str) -> Response:
        """Switch it off with a reason, or on again; people only."""
        require(may_write(self.actor))
        row, said = self.one(), self.said(SwitchPolicySerializer)
        with self.holding(row, is_on=said["is_on"]) as seen:
            actions.switch_policy(row, **said, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: Policy, status: int = 200) -> Response:
        found = Policy.objects.prefetch_related("versions__by").get(pk=row.pk)
        return self.shown(PolicyDetailSerializer(found).data, found.version, status=status)
