"""The API doors to what policies say about systems."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, PersonSerializer
from jobs.models import JobState
from policies.queries import policies_at, serving
from systems.actions.judge import ask_for_judging, under_way
from systems.judging.models import JudgingRun, Occasion, OutcomeState, PolicyResult
from systems.judging.queries import newest
from systems.permissions import may_judge


class ResultFilter(filters.FilterSet):  # type: ignore[misc]
    """What results can be narrowed by."""

    system = filters.CharFilter(field_name="system__code", label="Code of a system, such as SYS-01")
    policy = filters.CharFilter(field_name="policy__name", label="Name of a policy, such as bias")
    state = filters.ChoiceFilter(choices=OutcomeState.choices)
    control = filters.CharFilter(method="serving", label="A control that policies serve, such as A.7.4")

    def serving(self, rows: QuerySet[PolicyResult], _name: str, code: str) -> QuerySet[PolicyResult]:
        """Keep results of the policies that serve a control."""
        return rows.filter(policy__in=[policy.pk for policy in serving(code, policies_at())])


class ResultSerializer(serializers.ModelSerializer[PolicyResult]):
    """What a policy says about a system, since `judged_at`; `record_version` is the system's version then."""

    system = serializers.CharField(source="system.code")
    policy = serializers.CharField(source="policy.name")
    policy_version = serializers.IntegerField(source="policy_version.number")
    controls = serializers.ListField(child=serializers.CharField(), source="policy.controls")
    state = serializers.ChoiceField(OutcomeState.choices)
    messages = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = PolicyResult
        fields = ("system", "policy", "policy_version", "controls", "record_version", "state", "messages", "judged_at")


class RunSerializer(serializers.ModelSerializer[JudgingRun]):
    """A run of the policies over systems."""

    by = PersonSerializer(allow_null=True)
    occasion = serializers.ChoiceField(Occasion.choices)
    faults = serializers.ListField(child=serializers.CharField(), help_text="Policies that could not be used, and why.")

    class Meta:
        model = JudgingRun
        fields = (
            "id", "occasion", "started_at", "finished_at", "by", "systems", "policies", "passed", "failed", "errors",
            "changed", "digest", "faults",
        )  # fmt: skip


class AskedSerializer(serializers.Serializer[Any]):
    """A run that was asked for."""

    state = serializers.ChoiceField(JobState.choices)


@extend_schema_view(list=extend_schema(summary="List results of policies"))
class ResultDoor(Door):
    """What each policy says about each system now."""

    queryset = PolicyResult.unscoped.none()
    serializer_class = ResultSerializer
    filterset_class = ResultFilter

    def get_queryset(self) -> QuerySet[PolicyResult]:
        """Return the results that stand, of policies that are on."""
        rows = newest().filter(policy__is_on=True)
        return rows.select_related("system", "policy", "policy_version").defer("policy_version__text", "system__record")

    def list(self, request: Request) -> Response:
        """Return the result that stands for each system and policy."""
        return self.listed(self.get_queryset(), lambda page: ResultSerializer(page, many=True).data)


@extend_schema_view(list=extend_schema(summary="List runs of the policies"))
class RunDoor(Door):
    """Runs of the policies: read, ask for one."""

    queryset = JudgingRun.unscoped.none()
    serializer_class = RunSerializer

    def get_queryset(self) -> QuerySet[JudgingRun]:
        """Return the runs with who asked for them."""
        return JudgingRun.objects.select_related("by")

    def list(self, request: Request) -> Response:
        """Return every run."""
        return self.listed(self.get_queryset(), lambda page: RunSerializer(page, many=True).data)

    @extend_schema(request=None, responses={201: AskedSerializer}, summary="Judge every system")
    def create(self, request: Request) -> Response:
        """Ask for a run over every system; the one that is under way is answered if there is one."""
        require(may_judge(self.actor))
        return Response(AskedSerializer(under_way() or ask_for_judging(actor=self.actor)).data, status=201)
