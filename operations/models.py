"""What systems do in operation: evaluations against benchmarks, signals with their readings, limits and crossings."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.tenancy import ScopedManager
from aims.tenant import TenantModel, TenantRow

DIGITS: dict[str, Any] = {"max_digits": 24, "decimal_places": 9}
PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "null": True,
    "related_name": "+",
}


class Kind(models.TextChoices):
    """What a signal tells of its system."""

    QUALITY = "quality", _("Quality")
    SAFETY = "safety", _("Safety")
    PERFORMANCE = "performance", _("Performance")
    FAIRNESS = "fairness", _("Fairness")
    DRIFT = "drift", _("Drift")
    COST = "cost", _("Cost")
    VOLUME = "volume", _("Volume")


class Direction(models.TextChoices):
    """Which way is good."""

    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")
    NONE = "none", _("Neither is better")


class Feed(models.TextChoices):
    """Where the readings of a signal come from; one source each, so that nothing counts twice."""

    POSTED = "posted", _("Posted")
    METRICS = "metrics", _("OpenTelemetry metrics")
    TRACES = "traces", _("OpenTelemetry spans")
    DRIFT = "drift", _("Computed from another signal")


class Gathering(models.TextChoices):
    """What a reading of telemetry is of its hour."""

    EACH = "each", _("Each value as it came")
    SUM = "sum", _("The sum of an hour")
    MEAN = "mean", _("The mean of an hour")


class Signal(TenantModel):
    """A named series of a system, with the limits it must keep and the window it is compared with.

    `key` is what telemetry calls it. Readings older than `keep_days` are kept by the day; `thinned_to` says from when.
    """

    ref_kind = "signal"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="signals")
    key = models.CharField(_("key"), max_length=120)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.NONE)
    feed = models.CharField(max_length=8, choices=Feed.choices, default=Feed.POSTED, editable=False)
    gathers = models.CharField(max_length=4, choices=Gathering.choices, default=Gathering.EACH, editable=False)
    of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="derived", editable=False)
    owner = models.ForeignKey(**PERSON, blank=True)
    lower = models.DecimalField(_("lower limit"), null=True, blank=True, **DIGITS)
    upper = models.DecimalField(_("upper limit"), null=True, blank=True, **DIGITS)
    back_after = models.PositiveIntegerField(_("readings until it is back"), default=3)
    asks_reevaluation = models.BooleanField(_("ask for re-evaluation"), default=False)
    window_days = models.PositiveIntegerField(_("window in days"), default=28)
    reference_from = models.DateField(_("reference window from"), null=True, blank=True)
    reference_to = models.DateField(_("reference window to"), null=True, blank=True)
    keep_days = models.PositiveIntegerField(_("days until readings are kept by the day"), default=92)
    thinned_to = models.DateTimeField(null=True, editable=False)
    limits_by = models.ForeignKey(**PERSON, editable=False)
    limits_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_signal_per_code"),
            models.UniqueConstraint(fields=["system", "key"], name="one_signal_per_system_and_key"),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
                name="limits_of_signal_in_order",
            ),
            models.CheckConstraint(
                condition=Q(reference_from__isnull=True, reference_to__isnull=True)
                | Q(reference_from__lte=F("reference_to")),
                name="reference_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def ref_code(self) -> str:
        """Its code, such as SIG-004."""
        return self.code

    @property
    def has_limits(self) -> bool:
        """Whether anybody set one."""
        return self.lower is not None or self.upper is not None

    def side(self, value: Decimal) -> str:
        """Return `below` or `above` for a value past a limit, else nothing."""
        if self.lower is not None and value < self.lower:
            return "below"
        return "above" if self.upper is not None and value > self.upper else ""


class Span(models.TextChoices):
    """How much time a reading stands for."""

    MOMENT = "", _("A moment")
    HOUR = "hour", _("An hour")
    DAY = "day", _("A day")


class Reading(TenantRow):
    """One value of a signal at an instant: added once, and in the end replaced by one of its day, never edited.

    `on` is its day in UTC, to group by; `by` the pseudonym of who posted it; `low` and `high` the extremes of a day.
    """

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="readings", db_index=False)
    at = models.DateTimeField()
    on = models.DateField()
    value = models.DecimalField(**DIGITS)
    size = models.BigIntegerField(null=True)
    low = models.DecimalField(null=True, **DIGITS)
    high = models.DecimalField(null=True, **DIGITS)
    span = models.CharField(max_length=4, choices=Span.choices, default=Span.MOMENT, blank=True)
    key = models.CharField(max_length=120)
    by = models.CharField(max_length=40)

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["signal", "key"], name="one_reading_per_signal_and_key"),
            models.CheckConstraint(
                condition=Q(size__isnull=True) | Q(size__gte=0), name="reading_of_no_less_than_none"
            ),
        ]
        indexes = [
            models.Index(fields=["signal", "at"], name="readings_in_time"),
            models.Index(fields=["signal", "on", "value"], name="readings_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.value} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def ref(self) -> str:
        """The typed reference under which a record names it."""
        return f"reading:{self.pk}"


class Side(models.TextChoices):
    """Which limit a reading is past."""

    BELOW = "below", _("Below")
    ABOVE = "above", _("Above")


class CrossingQuerySet(models.QuerySet["LimitCrossing"]):
    """The vocabulary of crossings."""

    def standing(self) -> Self:
        """Those whose readings are not back."""
        return self.filter(until__isnull=True)


class LimitCrossing(TenantModel):
    """A time a signal was past its limit: since its first reading there, until enough readings in a row were back.

    It has one task, of kind `signal.limit`. An answer closes the task, and the flag stays until the values are back.
    """

    ref_kind = "crossing"

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="crossings")
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=5, choices=Side.choices)
    limit = models.DecimalField(**DIGITS)
    value = models.DecimalField(**DIGITS)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    move = models.CharField(max_length=300, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(**PERSON)

    objects = ScopedManager.from_queryset(CrossingQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["signal"], condition=Q(until__isnull=True), name="one_standing_crossing_per_signal"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="answered_crossing_has_its_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.limit} since {self.since:%Y-%m-%d %H:%M}"


class Sense(models.TextChoices):
    """Which way a threshold points."""

    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")


def holds(value: Decimal, sense: str, threshold: Decimal) -> bool:
    """Whether a value keeps a threshold; one that equals it does."""
    return value >= threshold if sense == Sense.AT_LEAST else value <= threshold


class Benchmark(TenantModel):
    """A named test that a system must have passed, at its version in use, before it is deployed or operated."""

    ref_kind = "benchmark"

    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="benchmarks")
    name = models.CharField(_("benchmark"), max_length=160)
    metric = models.CharField(_("metric"), max_length=100)
    sense = models.CharField(_("sense"), max_length=8, choices=Sense.choices, default=Sense.AT_LEAST)
    threshold = models.DecimalField(_("threshold"), **DIGITS)
    max_age_days = models.PositiveIntegerField(_("days a pass counts"), default=180)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "system", condition=Q(withdrawn_at__isnull=True), name="one_benchmark_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """How an evaluation came."""

    POSTED = "posted", _("Posted")
    UPLOADED = "uploaded", _("Uploaded")
    PROMPTFOO = "promptfoo", _("promptfoo")


class Evaluation(TenantModel):
    """A run of a benchmark against a version of a system; `passed` is computed, and null where nothing says when.

    `metrics` are decimals as text by name, `counts` assertions passed and made by kind.
    """

    ref_kind = "evaluation"

    code = models.CharField(_("reference"), max_length=20, editable=False)
    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="evaluations")
    benchmark = models.CharField(_("benchmark"), max_length=160)
    model_version = models.CharField(_("version tested"), max_length=60, blank=True)
    metrics = models.JSONField(default=dict)
    counts = models.JSONField(default=dict, blank=True)
    metric = models.CharField(max_length=100, blank=True)
    sense = models.CharField(max_length=8, choices=Sense.choices, blank=True)
    threshold = models.DecimalField(null=True, **DIGITS)
    passed = models.BooleanField(null=True)
    done_at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.POSTED)
    by = models.ForeignKey(**PERSON)
    by_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-done_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["aims", "code"], name="one_evaluation_per_code"),
            models.UniqueConstraint(fields=["system", "key"], name="one_evaluation_per_system_and_key"),
        ]
        indexes = [models.Index(fields=["aims", "done_at"], name="evaluations_in_time")]

    def __str__(self) -> str:
        return f"{self.code} {self.benchmark}"

    @property
    def ref_code(self) -> str:
        """Its code, such as EVAL-007."""
        return self.code

    def value(self, metric: str) -> Decimal | None:
        """Return what a metric came to, if it was measured."""
        told = self.metrics.get(metric)
        return None if told is None else Decimal(told)


class Reference(TenantRow):
    """What samples of a signal are compared with: numbers or counts by category; the newest is in force."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="references")
    numbers = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    size = models.BigIntegerField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.size} samples"


class Tally(TenantRow):
    """The hour of a signal that telemetry is adding up; when it is over it becomes a reading."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="+", db_index=False)
    hour = models.DateTimeField()
    total = models.DecimalField(max_digits=30, decimal_places=9, default=Decimal(0))
    size = models.BigIntegerField(default=0)

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["signal", "hour"], name="one_tally_per_signal_and_hour")]

    def __str__(self) -> str:
        return f"{self.total} of {self.size}"


class Stream(TenantRow):
    """How far a series of OpenTelemetry was read, so that a point that comes again, or grows, counts once."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    started_ns = models.BigIntegerField()
    until_ns = models.BigIntegerField()
    total = models.DecimalField(max_digits=30, decimal_places=9)
    size = models.BigIntegerField()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["signal", "digest"], name="one_stream_per_signal_and_series")]

    def __str__(self) -> str:
        return self.digest


class Batch(TenantRow):
    """The digest of a delivery of spans that was taken, so that a sender that tries again adds nothing."""

    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["aims", "sha256"], name="one_batch_per_digest")]

    def __str__(self) -> str:
        return self.sha256


def day_of(at: datetime) -> date:
    """Return the day a reading is grouped under: that of UTC, as the same hour must not move between days."""
    return at.date()
