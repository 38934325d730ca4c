"""What API clients send and get about operations, in its types."""

from decimal import Decimal
from typing import IO, Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser

from accounts.api import TooMuch, read_json
from aims.api import Flag, NotHere, PersonSerializer, Text, Whole
from operations.models import Benchmark, Direction, Evaluation, Kind, LimitCrossing, Reading, Sense, Signal
from operations.values import Unfit, decimal_of
from systems.models import AiSystem

MOST_BATCH = 4 * 1024**2
RANGE = {"min_value": -999_999_999_999_999, "max_value": 999_999_999_999_999}
PLACES = {"max_digits": 24, "decimal_places": 9, "normalize_output": True}


class BatchParser(BaseParser):
    """JSON of at most 4 MB: room for 10,000 readings."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        """Read the body; raises TooMuch or ParseError."""
        data = stream.read(MOST_BATCH + 1)
        if len(data) > MOST_BATCH:
            raise TooMuch("A delivery of readings has at most 4 MB.")
        return read_json(data)


class Number(serializers.FloatField):
    """A number, and no text that merely looks like one; kept as a decimal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**RANGE | kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return the decimal of it."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        super().to_internal_value(data)
        try:
            return decimal_of(data)
        except Unfit as unfit:
            raise serializers.ValidationError(str(unfit)) from unfit


def system_named(text: str) -> AiSystem:
    """Return the system with this code or id; raises NotHere."""
    rows = AiSystem.objects.select_related("owner").filter(Q(code__iexact=text) | Q(key__iexact=text))
    row: AiSystem | None = rows.order_by("pk").first() if text else None
    if row is None:
        raise NotHere("There is no system with this code or id.", field="system")
    return row


class OfSystem(serializers.Serializer[Any]):
    """Whose it is."""

    system = Text(max_length=100, help_text="The code of the system, or its id in the registry.")


class SignalSerializer(serializers.ModelSerializer[Signal]):
    """A signal with its limits."""

    system = serializers.CharField(source="system.code")
    owner = PersonSerializer(allow_null=True)
    lower = serializers.DecimalField(allow_null=True, **PLACES)  # type: ignore[arg-type]
    upper = serializers.DecimalField(allow_null=True, **PLACES)  # type: ignore[arg-type]

    class Meta:
        model = Signal
        fields = (
            "code", "system", "key", "name", "kind", "unit", "direction", "feed", "owner", "lower", "upper",
            "back_after", "asks_reevaluation", "window_days", "reference_from", "reference_to", "keep_days",
            "version", "changed_at",
        )  # fmt: skip


class NewSignalSerializer(OfSystem):
    """A signal to declare; a person sets its limits after that."""

    key = Text(max_length=120, help_text="Small letters, digits and . _ / : -")
    name = Text(max_length=160)
    kind = serializers.ChoiceField(Kind.choices)
    unit = Text(max_length=20, required=False)
    direction = serializers.ChoiceField(Direction.choices, required=False)
    owner = Text(max_length=254, required=False, help_text="E-mail of a person; else the system's owner.")


class LimitsSerializer(serializers.Serializer[Any]):
    """What a signal must keep; what is left out stays as it is, null takes a limit away."""

    lower = Number(required=False, allow_null=True)
    upper = Number(required=False, allow_null=True)
    back_after = Whole(required=False, min_value=1, max_value=100)
    asks_reevaluation = Flag(required=False)
    window_days = Whole(required=False, min_value=1, max_value=365)
    reference_from = serializers.DateField(required=False, allow_null=True)
    reference_to = serializers.DateField(required=False, allow_null=True)
    keep_days = Whole(required=False, min_value=84, max_value=3650)
    reason = Text(required=False)


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}, "maxProperties": 500}
)
class CountsField(serializers.Field[Any, Any, Any, Any]):
    """Counts by category."""

    def to_internal_value(self, data: Any) -> dict[str, int]:
        """Return the counts, each a whole number from 0."""
        if not isinstance(data, dict) or len(data) > 500 or not all(0 < len(name) <= 200 for name in data):
            raise serializers.ValidationError("Give an object of at most 500 counts by category.")
        if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < 2**53 for n in data.values()):
            raise serializers.ValidationError("A count is a whole number from 0.")
        return data

    def to_representation(self, value: Any) -> Any:
        """Return it as it is kept."""
        return value


class SamplesSerializer(serializers.Serializer[Any]):
    """Samples: numbers, or counts by category."""

    numbers = serializers.ListField(child=Number(), required=False, max_length=10_000)
    counts = CountsField(required=False)


class PostSamplesSerializer(SamplesSerializer):
    """Samples to compare with the reference."""

    at = serializers.DateTimeField(required=False)
    key = Text(required=False, max_length=100)


class ComparedSerializer(serializers.Serializer[Any]):
    """What a comparison found, read by the customary rule."""

    shift = serializers.ChoiceField(["none", "slight", "marked", "unknown"], source="verdict")
    words = serializers.CharField()
    rule = serializers.CharField()
    psi = serializers.FloatField(allow_null=True)
    ks = serializers.FloatField(allow_null=True)
    chi2 = serializers.FloatField(allow_null=True)
    p_value = serializers.FloatField(allow_null=True)
    reference_size = serializers.IntegerField()
    size = serializers.IntegerField()


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    """A reading."""

    signal = serializers.CharField(source="signal.code")
    value = serializers.DecimalField(**PLACES)  # type: ignore[arg-type]

    class Meta:
        model = Reading
        fields = ("id", "signal", "at", "value", "size", "span", "by")


class OneReadingSerializer(serializers.Serializer[Any]):
    """One reading to post."""

    signal = Text(max_length=120, help_text="The code of the signal, or its key if the system is named too.")
    system = Text(max_length=100, required=False)
    at = serializers.DateTimeField(help_text="With its offset, such as 2026-06-18T14:00:00Z.")
    value = Number()
    size = Whole(required=False, allow_null=True, min_value=0, max_value=2**53 - 1)
    key = Text(max_length=100, required=False, help_text="Your own name for it: the same key is kept once.")


class PostReadingsSerializer(serializers.Serializer[Any]):
    """A delivery of readings: all are kept, or none."""

    readings = serializers.ListField(child=OneReadingSerializer(), min_length=1, max_length=10_000)


class PostedSerializer(serializers.Serializer[Any]):
    """How many readings were new, and how many were there before."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()


class CrossingSerializer(serializers.ModelSerializer[LimitCrossing]):
    """A time a signal was past its limit."""

    signal = serializers.CharField(source="signal.code")
    system = serializers.CharField(source="signal.system.code")
    limit = serializers.DecimalField(**PLACES)  # type: ignore[arg-type]
    value = serializers.DecimalField(**PLACES)  # type: ignore[arg-type]
    answered_by = PersonSerializer(allow_null=True)

    class Meta:
        model = LimitCrossing
        fields = (
            "id", "signal", "system", "side", "limit", "value", "since", "until", "move", "answer", "answered_at",
            "answered_by", "version",
        )  # fmt: skip


class AnswerSerializer(serializers.Serializer[Any]):
    """Why a signal is past its limit, or what is done."""

    answer = Text(max_length=4_000)


class BenchmarkSerializer(serializers.ModelSerializer[Benchmark]):
    """A benchmark that a system must pass."""

    system = serializers.CharField(source="system.code")
    threshold = serializers.DecimalField(**PLACES)  # type: ignore[arg-type]

    class Meta:
        model = Benchmark
        fields = ("id", "system", "name", "metric", "sense", "threshold", "max_age_days", "version")


class NewBenchmarkSerializer(OfSystem):
    """A benchmark to ask for; one of the same name takes these terms."""

    name = Text(max_length=160)
    metric = Text(max_length=100)
    sense = serializers.ChoiceField(Sense.choices, required=False)
    threshold = Number()
    max_age_days = Whole(required=False, min_value=1, max_value=3650)
    reason = Text(required=False)


class GroundSerializer(serializers.Serializer[Any]):
    """Why something is withdrawn."""

    reason = Text(max_length=4_000)


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """A run of a benchmark; `passed` is null where nothing says when it passes."""

    system = serializers.CharField(source="system.code")
    metrics = serializers.DictField(child=serializers.CharField())
    counts = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    sense = serializers.ChoiceField(Sense.choices, allow_blank=True)
    threshold = serializers.DecimalField(allow_null=True, **PLACES)  # type: ignore[arg-type]
    by = serializers.CharField(source="by_name")

    class Meta:
        model = Evaluation
        fields = (
            "code", "system", "benchmark", "model_version", "metrics", "counts", "metric", "sense", "threshold",
            "passed", "done_at", "source", "by", "sha256", "notes", "withdrawn_at", "version",
        )  # fmt: skip


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "number"}, "minProperties": 1, "maxProperties": 200}
)
class MetricsField(serializers.Field[Any, Any, Any, Any]):
    """Numbers by name."""

    def to_internal_value(self, data: Any) -> dict[str, Decimal]:
        """Return decimals; a number that is none is a wrong shape."""
        if not isinstance(data, dict) or any(
            isinstance(v, bool) or not isinstance(v, int | float) for v in data.values()
        ):
            raise serializers.ValidationError("Give an object of numbers by name.")
        try:
            return {name: decimal_of(value) for name, value in data.items()}
        except Unfit as unfit:
            raise NotHere(str(unfit), field="metrics") from unfit

    def to_representation(self, value: Any) -> Any:
        """Return it as it is kept."""
        return value


class NewEvaluationSerializer(OfSystem):
    """A run to record; a declared benchmark of that name judges it, else the threshold that comes along."""

    benchmark = Text(max_length=160)
    metrics = MetricsField()
    model_version = Text(max_length=60, required=False)
    done_at = serializers.DateTimeField(required=False)
    metric = Text(max_length=100, required=False)
    sense = serializers.ChoiceField(Sense.choices, required=False)
    threshold = Number(required=False)
    notes = Text(required=False)
    key = Text(max_length=100, required=False, help_text="Your own name for the run: the same key is recorded once.")


class UploadSerializer(OfSystem):
    """A file of results."""

    system = Text(max_length=100, allow_blank=False, help_text="The code of the system, or its id in the registry.")
    file = serializers.FileField(
        allow_empty_file=True, help_text="JSON or CSV of metrics, or what promptfoo wrote, up to 20 MB."
    )
    benchmark = Text(max_length=160, required=False)
    model_version = Text(max_length=60, required=False)
    notes = Text(required=False)
