"""The door of OpenTelemetry: OTLP/HTTP in JSON, as an exporter or a collector sends it.

An answer is as OTLP says: `partialSuccess` names how much was left out and why. Errors are problems as everywhere in
this API, with the `code` and `message` of an OTLP status beside them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TooMuch, answer
from accounts.refusals import require
from aims.api import Door
from operations.actions import take_telemetry
from operations.models import Feed
from operations.otlp import metrics, traces
from operations.otlp.parts import parsed, unpacked
from operations.otlp.points import Heard, Malformed
from operations.permissions import may_send_telemetry

MOST_BYTES = 4 * 1024**2
MOST_UNPACKED = 16 * 1024**2
INVALID_ARGUMENT = 3


class NoOtlp(APIException):
    """The body is no OTLP (400)."""

    status_code = 400


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it was read, and the digest by which it is known again."""

    parts: dict[str, Any]
    sha256: str


class OtlpParser(BaseParser):
    """JSON, gzipped or not, bounded as it came and as it is unpacked."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Read the body; raises TooMuch or NoOtlp."""
        data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TooMuch("A body of telemetry has at most 4 MB. Let the exporter send smaller batches.")
        request = (parser_context or {})["request"]
        encoding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
        try:
            plain = unpacked(data, encoding, MOST_UNPACKED)
            return Body(parsed(plain), sha256(plain).hexdigest())
        except Malformed as malformed:
            raise NoOtlp(str(malformed)) from malformed


class MetricsRequest(serializers.Serializer[Any]):
    """An ExportMetricsServiceRequest."""

    resourceMetrics = serializers.ListField(child=serializers.DictField(), required=False, allow_null=True)


class TracesRequest(serializers.Serializer[Any]):
    """An ExportTraceServiceRequest."""

    resourceSpans = serializers.ListField(child=serializers.DictField(), required=False, allow_null=True)


class MetricsLeftOut(serializers.Serializer[Any]):
    """How many points were left out, and why."""

    rejectedDataPoints = serializers.CharField()
    errorMessage = serializers.CharField()


class SpansLeftOut(serializers.Serializer[Any]):
    """How many spans were left out, and why."""

    rejectedSpans = serializers.CharField()
    errorMessage = serializers.CharField()


class MetricsResponse(serializers.Serializer[Any]):
    """An ExportMetricsServiceResponse."""

    partialSuccess = MetricsLeftOut(required=False)


class TracesResponse(serializers.Serializer[Any]):
    """An ExportTraceServiceResponse."""

    partialSuccess = SpansLeftOut(required=False)


class OtlpDoor(Door):
    """Telemetry in: metrics and spans of the GenAI semantic conventions."""

    parser_classes = [OtlpParser]
    queryset = None

    def handle_exception(self, exc: Exception) -> Response:
        """Say what is wrong with a body in the words of OTLP too."""
        if isinstance(exc, NoOtlp):
            words = str(exc.detail)
            response = answer(400, words, message=words)
            response.data["code"] = INVALID_ARGUMENT
            return response
        return super().handle_exception(exc)

    @extend_schema(request=MetricsRequest, responses=MetricsResponse, summary="Send OpenTelemetry metrics")
    def metrics(self, request: Request) -> Response:
        """Take gen_ai.client.token.usage, gen_ai.client.operation.duration and cost; OTLP/HTTP in JSON."""
        return self._taken(request, metrics.read, Feed.METRICS, "rejectedDataPoints")

    @extend_schema(request=TracesRequest, responses=TracesResponse, summary="Send OpenTelemetry spans")
    def traces(self, request: Request) -> Response:
        """Take the spans of calls to a model: duration, tokens, cost, errors; OTLP/HTTP in JSON."""
        return self._taken(request, traces.read, Feed.TRACES, "rejectedSpans")

    def _taken(self, request: Request, read: Callable[[Mapping[str, Any]], Heard], feed: str, counted: str) -> Response:
        require(may_send_telemetry(self.actor))
        body = request.data if isinstance(request.data, Body) else Body({}, "")  # a request without a body says nothing
        try:
            heard = read(body.parts)
        except Malformed as malformed:
            raise NoOtlp(str(malformed)) from malformed
        digest = body.sha256 if feed == Feed.TRACES else ""
        left_out = take_telemetry(heard, feed=feed, digest=digest, actor=self.actor)
        if not left_out:
            return Response({})
        told = "; ".join(f"{count}: {reason}" for reason, count in sorted(left_out.items()))
        return Response({"partialSuccess": {counted: str(sum(left_out.values())), "errorMessage": told[:2000]}})
