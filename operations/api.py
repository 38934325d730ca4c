"""The API doors of signals, readings and crossings."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answer
from accounts.refusals import Refusal, require
from aims.api import Door, person_called
from aims.filters import FlagFilter, InstantFilter
from operations import actions
from operations.actions import Faulty, Samples
from operations.actions.readings import delivers
from operations.bodies import (
    AnswerSerializer,
    BatchParser,
    ComparedSerializer,
    CrossingSerializer,
    LimitsSerializer,
    NewSignalSerializer,
    PostedSerializer,
    PostReadingsSerializer,
    PostSamplesSerializer,
    ReadingSerializer,
    SamplesSerializer,
    SignalSerializer,
    system_named,
)
from operations.models import Kind, LimitCrossing, Reading, Signal
from operations.permissions import may_answer, may_deliver, may_set_limits
from operations.values import Unfit, past


class SignalFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list of signals can be narrowed by."""

    system = filters.CharFilter(field_name="system__code", label="Code of the system")
    kind = filters.ChoiceFilter(choices=Kind.choices)


@extend_schema_view(list=extend_schema(summary="List signals"))
class SignalDoor(Door):
    """Signals: read, declare, limit, compare."""

    lookup_field = "code"
    queryset = Signal.unscoped.none()
    serializer_class = SignalSerializer
    filterset_class = SignalFilter
    parser_classes = [BatchParser]
    tagged = frozenset({"retrieve", "create", "limits"})
    versioned = frozenset({"limits"})

    def get_queryset(self) -> QuerySet[Signal]:
        """Return the signals of the AIMS with their owners."""
        return Signal.objects.select_related("system__owner", "owner")

    def list(self, request: Request) -> Response:
        """Return a page of signals."""
        return self.listed(self.get_queryset(), lambda page: SignalSerializer(page, many=True).data)

    @extend_schema(responses=SignalSerializer, summary="Read a signal")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one signal with its limits."""
        return self._signal(self.one())

    @extend_schema(request=NewSignalSerializer, responses={201: SignalSerializer}, summary="Declare a signal")
    def create(self, request: Request) -> Response:
        """Declare a named series of a system; people set its limits."""
        said = self.said(NewSignalSerializer)
        system = system_named(said.pop("system"))
        require(may_deliver(self.actor, system))
        said["owner"] = person_called(said.get("owner"))
        return self._signal(actions.declare_signal(system, **said, actor=self.actor), 201)

    @extend_schema(request=LimitsSerializer, responses=SignalSerializer, summary="Set the limits of a signal")
    @action(detail=True, methods=["post"])
    def limits(self, request: Request, code: str) -> Response:
        """Say what it must keep; people only. Its readings are judged at once."""
        row, said = self.one(may_set_limits), self.said(LimitsSerializer)
        with self.holding(row, **said) as seen:
            return self._signal(actions.set_limits(row, seen=seen, actor=self.actor, **said))

    @extend_schema(
        request=SamplesSerializer, responses=SignalSerializer, summary="Set the reference samples of a signal"
    )
    @action(detail=True, methods=["post"])
    def reference(self, request: Request, code: str) -> Response:
        """Keep the samples that later ones are compared with; people only."""
        row, said = self.one(may_set_limits), self.said(SamplesSerializer)
        actions.set_reference(row, _samples(said), actor=self.actor)
        return Response(SignalSerializer(self.get_queryset().get(pk=row.pk)).data)

    @extend_schema(
        request=PostSamplesSerializer, responses=ComparedSerializer, summary="Compare samples with the reference"
    )
    @action(detail=True, methods=["post"])
    def samples(self, request: Request, code: str) -> Response:
        """Compute the population stability index, and for numbers the Kolmogorov-Smirnov test."""
        row = self.one()
        require(may_deliver(self.actor, row.system))
        said = self.said(PostSamplesSerializer)
        at, key = said.pop("at", None), said.pop("key", "")
        try:
            at = past(at) if at else None
        except Unfit as unfit:
            raise Refusal(str(unfit), field="at") from unfit
        compared = actions.post_samples(row, _samples(said), at=at, key=key, actor=self.actor)
        return Response(ComparedSerializer(compared).data)

    def _signal(self, row: Signal, status: int = 200) -> Response:
        place = reverse("api:signals-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(SignalSerializer(row).data, row.version, status=status, location=place)


def _samples(said: dict[str, Any]) -> Samples:
    """Return numbers or counts; never both."""
    if ("numbers" in said) == ("counts" in said):
        raise Refusal("Give numbers or counts, one of them.", field="numbers")
    return Samples([float(value) for value in said.get("numbers", ())], said.get("counts"))


class ReadingFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list of readings can be narrowed by."""

    signal = filters.CharFilter(field_name="signal__code", label="Code of the signal")
    since = InstantFilter(field_name="at", lookup_expr="gte", label="From this instant on")


@extend_schema_view(list=extend_schema(summary="List readings"))
class ReadingDoor(Door):
    """Readings: list and post, one or 10,000."""

    queryset = Reading.unscoped.none()
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilter
    parser_classes = [BatchParser]

    def get_queryset(self) -> QuerySet[Reading]:
        """Return the readings of the AIMS."""
        return Reading.objects.select_related("signal")

    def list(self, request: Request) -> Response:
        """Return a page of readings."""
        return self.listed(self.get_queryset(), lambda page: ReadingSerializer(page, many=True).data)

    @extend_schema(request=PostReadingsSerializer, responses=PostedSerializer, summary="Post readings")
    def create(self, request: Request) -> Response:
        """Keep all of a delivery or none; what was posted before changes nothing. Faults are told by place."""
        require(delivers(self.actor))
        items = request.data.get("readings") if isinstance(request.data, dict) else None
        if not isinstance(items, list):
            raise ValidationError({"readings": ["Send an object with a list of readings."]})
        if not items or any(not isinstance(item, dict) for item in items):
            raise ValidationError({"readings": ["Send at least one reading; each is an object."]})
        try:
            posted = actions.post_readings(items, actor=self.actor)
        except Faulty as faulty:
            named = {f"readings[{fault.place}].{fault.field}": [fault.words] for fault in faulty.faults}
            return answer(422, faulty.message, named)
        return Response(PostedSerializer(posted).data)


class CrossingFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list of crossings can be narrowed by."""

    system = filters.CharFilter(field_name="signal__system__code", label="Code of the system")
    signal = filters.CharFilter(field_name="signal__code", label="Code of the signal")
    standing = FlagFilter(field_name="until", lookup_expr="isnull", label="Whether it is past its limit now")


@extend_schema_view(list=extend_schema(summary="List times past a limit"))
class CrossingDoor(Door):
    """Times a signal was past its limit: list and answer."""

    lookup_field = "pk"
    lookup_value_regex = r"[0-9]{1,10}"
    queryset = LimitCrossing.unscoped.none()
    serializer_class = CrossingSerializer
    filterset_class = CrossingFilter
    tagged = frozenset({"answer"})
    versioned = frozenset({"answer"})

    def get_queryset(self) -> QuerySet[LimitCrossing]:
        """Return the crossings of the AIMS."""
        return LimitCrossing.objects.select_related("signal__system__owner", "answered_by")

    def list(self, request: Request) -> Response:
        """Return a page of crossings."""
        return self.listed(self.get_queryset(), lambda page: CrossingSerializer(page, many=True).data)

    @extend_schema(request=AnswerSerializer, responses=CrossingSerializer, summary="Answer for a signal past its limit")
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Say why it is past its limit, or what is done; people only. Its task closes."""
        row, said = self.one(may_answer), self.said(AnswerSerializer)
        with self.holding(row, **said) as seen:
            actions.answer_crossing(row, **said, seen=seen, actor=self.actor)
        row = self.get_queryset().get(pk=row.pk)
        return self.shown(CrossingSerializer(row).data, row.version)
