"""The API doors of evaluations and of the benchmarks a system must pass."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TooMuch
from accounts.refusals import require
from aims.api import Door
from aims.filters import FlagFilter
from operations import actions
from operations.actions import Result
from operations.bodies import (
    BenchmarkSerializer,
    EvaluationSerializer,
    GroundSerializer,
    NewBenchmarkSerializer,
    NewEvaluationSerializer,
    UploadSerializer,
    system_named,
)
from operations.models import Benchmark, Evaluation
from operations.permissions import may_declare, may_deliver, may_withdraw
from operations.results.reading import MOST_BYTES
from operations.uploads import AROUND, announced, result_of


class EvaluationFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list of evaluations can be narrowed by."""

    system = filters.CharFilter(field_name="system__code", label="Code of the system")
    benchmark = filters.CharFilter(field_name="benchmark", lookup_expr="iexact", label="Name of the benchmark")
    passed = FlagFilter(field_name="passed")


@extend_schema_view(list=extend_schema(summary="List evaluations"))
class EvaluationDoor(Door):
    """Runs of benchmarks: read, record, upload, withdraw."""

    lookup_field = "code"
    queryset = Evaluation.unscoped.none()
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter
    tagged = frozenset({"retrieve", "create", "uploads", "withdraw"})
    versioned = frozenset({"withdraw"})

    def get_queryset(self) -> QuerySet[Evaluation]:
        """Return the evaluations of the AIMS."""
        return Evaluation.objects.select_related("system__owner")

    def list(self, request: Request) -> Response:
        """Return a page of evaluations."""
        return self.listed(self.get_queryset(), lambda page: EvaluationSerializer(page, many=True).data)

    @extend_schema(responses=EvaluationSerializer, summary="Read an evaluation")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one run."""
        row = self.one()
        return self.shown(EvaluationSerializer(row).data, row.version)

    @extend_schema(
        request=NewEvaluationSerializer,
        responses={201: EvaluationSerializer, 200: EvaluationSerializer},
        summary="Record an evaluation",
    )
    def create(self, request: Request) -> Response:
        """Record a run; 200 with the run that is there when it was recorded before."""
        said = self.said(NewEvaluationSerializer)
        return self._recorded(said.pop("system"), lambda: Result(**said))

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: EvaluationSerializer, 200: EvaluationSerializer},
        summary="Upload a file of results",
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def uploads(self, request: Request) -> Response:
        """Record the run that a file tells: JSON or CSV of metrics, or the results of promptfoo."""
        if announced(request) > MOST_BYTES + AROUND:
            raise TooMuch("A file of results has at most 20 MB.")
        said = self.said(UploadSerializer)
        return self._recorded(said.pop("system"), lambda: result_of(**said))

    @extend_schema(request=GroundSerializer, responses=EvaluationSerializer, summary="Withdraw an evaluation")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """Let it count no more, with the reason; people only."""
        row = self.one()
        require(may_withdraw(self.actor, row.system))
        reason = self.said(GroundSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            row = actions.withdraw_evaluation(row, reason=reason, seen=seen, actor=self.actor)
        return self.shown(EvaluationSerializer(row).data, row.version)

    def _recorded(self, system: str, result: Callable[[], Result]) -> Response:
        whose = system_named(system)
        require(may_deliver(self.actor, whose))
        row, is_new = actions.record_evaluation(whose, result(), actor=self.actor)
        place = reverse("api:evaluations-detail", args=[self.aims.slug, row.code])
        return self.shown(EvaluationSerializer(row).data, row.version, status=201 if is_new else 200, location=place)


class BenchmarkFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list of benchmarks can be narrowed by."""

    system = filters.CharFilter(field_name="system__code", label="Code of the system")


@extend_schema_view(list=extend_schema(summary="List benchmarks"))
class BenchmarkDoor(Door):
    """Benchmarks that systems must pass: list, ask, withdraw."""

    lookup_field = "pk"
    lookup_value_regex = r"[0-9]{1,10}"
    queryset = Benchmark.unscoped.none()
    serializer_class = BenchmarkSerializer
    filterset_class = BenchmarkFilter
    tagged = frozenset({"withdraw"})
    versioned = frozenset({"withdraw"})

    def get_queryset(self) -> QuerySet[Benchmark]:
        """Return the benchmarks that are asked."""
        return Benchmark.objects.filter(withdrawn_at__isnull=True).select_related("system__owner")

    def list(self, request: Request) -> Response:
        """Return a page of benchmarks."""
        return self.listed(self.get_queryset(), lambda page: BenchmarkSerializer(page, many=True).data)

    @extend_schema(request=NewBenchmarkSerializer, responses={201: BenchmarkSerializer}, summary="Ask for a benchmark")
    def create(self, request: Request) -> Response:
        """Ask a system to pass it before deployment and operation; people only."""
        said = self.said(NewBenchmarkSerializer)
        system = system_named(said.pop("system"))
        require(may_declare(self.actor, system))
        row = actions.declare_benchmark(system, **said, actor=self.actor)
        return Response(BenchmarkSerializer(row).data, status=201)

    @extend_schema(request=GroundSerializer, responses=BenchmarkSerializer, summary="Withdraw a benchmark")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Ask for it no more, with the reason; people only."""
        row = self.one()
        require(may_declare(self.actor, row.system))
        reason = self.said(GroundSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            row = actions.withdraw_benchmark(row, reason=reason, seen=seen, actor=self.actor)
        return self.shown(BenchmarkSerializer(row).data, row.version)
